using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Diagnostics;

/// <summary>OPT1001 to OPT1018: what is wrong with how members refer to each other.</summary>
public class InputDiagnosticsTests
{
    private const string Head = "[Optimizer] public sealed partial record R(double Rate = 0.1, double Decay = 0.9, int Window = 10) { ";
    private const string Update = " [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }";
    private const string UpdateByMean = " [Update] double Update(double parameter, double mean) => parameter - Rate * mean; }";

    public static TheoryData<string, string, string> Reported => new()
    {
        { "OPT1001", Head + "[Update] double Update(double parameter, double [|gradeint|]) => parameter - Rate; }", "did you mean 'gradient'?" },
        { "OPT1001", Head + "[State] static double Mean(double gradient, double [|previousMaen|]) => gradient; [Update] double Update(double parameter, double mean) => parameter - mean; }", "did you mean 'previousMean'?" },
        { "OPT1001", Head + "[Update] double Update(double parameter, double gradient, double [|curvature|]) => parameter - Rate * gradient; }", "name one of parameter, gradient, step, loss, rows, columns, count, rank, update" },
        { "OPT1001", Head + "[Update] double Update(double parameter, double [|grad|]) => parameter - Rate; }", "did you mean 'gradient'?" },
        { "OPT1001", Head + "[Update] double Update(double parameter, double gradient, int [|t|]) => parameter - Rate * gradient / t; }", "did you mean 'step'?" },
        { "OPT1001", Head + "[Update] double Update(double [|param|], double gradient) => param - Rate * gradient; }", "did you mean 'parameter'?" },
        { "OPT1001", Head + "[Update] double Update(double [|parameter_|], double gradient) => parameter_ - Rate * gradient; }", "did you mean 'parameter'?" },
        { "OPT1001", Head + "[State] static double Velocity(double gradient, double [|prevVelocity|]) => gradient + prevVelocity; [Update] double Update(double parameter, double velocity) => parameter - velocity; }", "did you mean 'previousVelocity'?" },
        { "OPT1001", Head + "[State] static double Velocity(double gradient, double [|lastGrad|]) => gradient + lastGrad; [Update] double Update(double parameter, double velocity) => parameter - velocity; }", "did you mean 'previousGradient'?" },
        { "OPT1001", Head + "[State] static double Velocity(double gradient, double [|oldThing|]) => gradient + oldThing; [Update] double Update(double parameter, double velocity) => parameter - velocity; }", "the last step's value of X is read as 'previousX'" },
        { "OPT1001", Head + "[Update] double Update(double parameter, double gradient, double [|rate|]) => parameter - rate * Rate * gradient; }", "it is the hyperparameter 'Rate': read that as a property, and remove the input" },
        { "OPT1001", Head + "[Update] double Update(double parameter, double gradient, double [|lr|]) => parameter - lr * Rate * gradient; }", "it is the hyperparameter 'Rate'" },
        { "OPT1001", Head + "static double Mean(double gradient) => gradient; [Update] double Update(double parameter, double [|mean|]) => parameter - Rate * mean; }", "'Mean' is a method without a role, which has a value only where it is called; mark it with [Derived], [State] or [RunningAverage]" },
        { "OPT1001", Head + "[RunningAverage(Window = nameof(Window))] static double Mean(double gradient) => gradient; [Update] static double Update(double parameter, double mean, double [|meanCorrection|]) => parameter - mean / meanCorrection; }", "neither a built-in input, such as parameter, gradient or step, nor a member" },
        { "OPT1001", Head + "[State] double Velocity(double gradient, double [|previous|]) => Decay * previous + gradient; [Update] double Update(double parameter, double velocity) => parameter - Rate * velocity; }", "did you mean 'previousVelocity'?" },
        { "OPT1001", Head + "[State] double Velocity(double gradient, double previousVelocity) => Decay * previousVelocity + gradient; [Update] double Update(double parameter, double velocity, double [|prevVel|]) => parameter - Rate * (velocity + prevVel); }", "did you mean 'previousVelocity'?" },
        { "OPT1001", Head + "[Update] double Update(double parameter, double gradient, int [|cols|]) => parameter - Rate * gradient / cols; }", "did you mean 'columns'?" },
        { "OPT1001", WithMember("double [|vel|]"), "did you mean 'velocity'?" },
        { "OPT1001", WithMember("double [|v|]"), "did you mean 'velocity'?" },
        { "OPT1001", WithMember("double [|velocityHat|]"), "did you mean 'velocity'?" },
        { "OPT1001", WithMember("double [|ms|]"), "did you mean 'meanSquare'?" },
        { "OPT1001", WithMember("double [|meanSq|]"), "did you mean 'meanSquare'?" },
        { "OPT1001", WithMember("double [|gradHat|]"), "did you mean 'gradient'?" },
        { "OPT1001", WithMember("double [|meanSquareCorection|]"), "did you mean 'meanSquareCorrection'?" },
        { "OPT1001", WithMember("double [|velocityCorrection|]"), "'Velocity' has no correction, which only an average with a Decay has; read it as 'velocity'" },
        { "OPT1001", WithMember("double [|noise|]"), "declared by an attribute, as in '[Gaussian] double noise'" },
        { "OPT1001", WithMember("double [|hessian|]"), "as in '[PerParameter] double hessian'" },
        { "OPT1001", WithMember("double [|zz|]"), "or read a hyperparameter by its own name" },
        { "OPT1002", Head + "[Derived] double Up(double parameter, [GradientAt(nameof(Up))] double [|sharp|]) => parameter + Rate * sharp; [Update] double Update(double parameter, double sharp) => parameter - Rate * sharp; }", "Up reads sharp, the gradient at Up; read the last step's value instead, as 'previousSharp', or the gradient at the parameters, 'gradient'" },
        { "OPT1002", Head + "[Derived] double Up(double parameter, double turned) => parameter + Rate * turned; [Derived] static double Turned([GradientAt(nameof(Up))] double [|sharp|]) => -sharp; [Update] double Update(double parameter, double turned) => parameter + Rate * turned; }", "Up reads Turned reads sharp, the gradient at Up" },
        { "OPT1004", Head + "[State(Initial = [|nameof(Mean)|])] static double Mean(double gradient, double previousMean) => gradient + previousMean;" + UpdateByMean, "which is the member itself and has no value before the first step" },
        { "OPT1008", "[Optimizer] public sealed partial record R([[|Domain(\"[0, 1]\")|]] bool On = true) { [Update] double Update(double parameter, double gradient) => On ? parameter - gradient : parameter; }", "a bool has no domain" },
        { "OPT1008", "public enum Mode { A, B } [Optimizer] public sealed partial record R([[|Domain(\"[0, 1]\")|]] Mode Mode = Mode.A) { [Update] double Update(double parameter, double gradient) => Mode == Mode.A ? parameter - gradient : parameter; }", "an enum has no domain" },
        { "OPT1008", Head + "[Update] double Update(double parameter, [[|GradientAt(nameof(Update))|]] double sharp) => parameter - Rate * sharp; }", "the point may not be the update, which is where the step ends" },
        { "OPT1009", Head + "[RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None)] static double [|Mean|](double gradient) => gradient; [Update] double Update(double parameter, double gradient) => parameter - Rate * Mean(gradient); }", "Calling 'Mean' gives only its sample, and nothing reads the average; read it as the input 'mean', in place of the call" },
        { "OPT1009", Head + "[Reduce(Reduction.Sum)] static double [|Squares|](double gradient) => gradient * gradient; [Update] double Update(double parameter, double gradient) => parameter - Rate * Squares(gradient) * gradient; }", "Calling 'Squares' gives only what it reduces" },
        { "OPT1009", Head + "[State] static double [|Sum|](double gradient, double previousSum) => gradient + previousSum; [Update] double Update(double parameter, double gradient) => parameter - Rate * Sum(gradient, 0); }", "Calling 'Sum' gives only the value of its formula" },
        { "OPT1004", Head + "[RunningAverage(Decay = [|0.9|])] static double Mean(double gradient) => gradient;" + UpdateByMean, "Decay of 'Mean' is '0.9', which is a value and no name; give the rule a hyperparameter, such as 'double Beta = 0.9', and name it with nameof" },
        { "OPT1004", Head + "[RunningAverage(Window = [|100|])] static double Mean(double gradient) => gradient;" + UpdateByMean, "such as 'double Window = 100'" },
        { "OPT1004", Head + "[State(Initial = [|nameof(previousMean)|])] static double Mean(double gradient, double previousMean) => gradient + previousMean;" + UpdateByMean, "is a value of the step before the first" },
        { "OPT1004", Head + "[State(Initial = [|nameof(step)|])] static double Mean(double gradient, double previousMean, int step) => gradient + previousMean / step;" + UpdateByMean, "is not a number of the rule's element" },
        { "OPT1002", Head + "[State] double Mean(double gradient, double [|mean|]) => Decay * mean + gradient;" + UpdateByMean, "Mean reads Mean" },
        { "OPT1002", Head + "[Derived] static double First(double second) => second; [Derived] static double Second(double [|first|], double gradient) => first + gradient; [Update] static double Update(double parameter, double second) => parameter - second; }", "First reads Second reads First" },
        { "OPT1003", Head + "[Update] double Update(double parameter, [|float|] gradient) => parameter - Rate * gradient; }", "'gradient' is float" },
        { "OPT1003", Head + "[Update] double Update(double parameter, double gradient, [|double|] step) => parameter - Rate * gradient / step; }", "'step' is double" },
        { "OPT1003", Head + "[Derived] static bool Up(double gradient) => gradient > 0; [Update] double Update(double parameter, bool up, [|bool|] previousUp) => up && previousUp ? parameter : parameter - Rate; }", "cannot be stored" },
        { "OPT1004", Head + "[RunningAverage(Decay = [|\"Beta\"|])] static double Mean(double gradient) => gradient;" + UpdateByMean, "Decay of 'Mean' is 'Beta'" },
        { "OPT1004", Head + "[RunningAverage(Decay = [|nameof(Window)|])] static double Mean(double gradient) => gradient;" + UpdateByMean, "is not a double or float" },
        { "OPT1004", Head + "[RunningAverage(Window = [|nameof(Size)|])] static double Mean(double gradient) => gradient; static int Size(int x) => x;" + UpdateByMean, "is no property or field of 'R'" },
        { "OPT1004", Head + "[State(Initial = [|\"Start\"|])] static double Mean(double gradient, double previousMean) => gradient + previousMean;" + UpdateByMean, "Initial of 'Mean' is 'Start'" },
        { "OPT1004", Head + "[State(Initial = [|true|])] static double Mean(double gradient, double previousMean) => gradient + previousMean;" + UpdateByMean, "Initial of 'Mean' is 'True'" },
        { "OPT1004", Head + "[State(SavedAs = [|\"exp avg\"|])] static double Mean(double gradient, double previousMean) => gradient + previousMean;" + UpdateByMean, "is no name of ASCII letters, digits and underscores" },
        { "OPT1004", Head + "[State(SavedAs = [|null|])] static double Mean(double gradient, double previousMean) => gradient + previousMean;" + UpdateByMean, "is no name of ASCII letters" },
        { "OPT1004", Head + "[State(SavedAs = [|\"Other\"|])] static double Mean(double gradient, double other, double previousMean) => other + previousMean; [Derived] static double Other(double gradient) => gradient;" + UpdateByMean, "is another member's name" },
        { "OPT1004", Head + "[State(SavedAs = [|\"PreviousGradient\"|])] static double Mean(double gradient, double previousMean, double previousGradient) => gradient + previousGradient + previousMean;" + UpdateByMean, "is kept for the last step's values" },
        { "OPT1005", Head + "[[|RunningAverage|]] static double Mean(double gradient) => gradient;" + UpdateByMean, "'Mean' sets none of Decay, Window and Weight" },
        { "OPT1005", Head + "[[|RunningAverage(Decay = nameof(Decay), Window = nameof(Window))|]] static double Mean(double gradient) => gradient;" + UpdateByMean, "'Mean' sets Decay and Window of Decay, Window and Weight" },
        { "OPT1006", Head + "[RunningAverage(Window = nameof(Window), Correction = [|BiasCorrection.Published|])] static double Mean(double gradient) => gradient;" + UpdateByMean, "'Mean' averages over a window" },
        { "OPT1004", Head + "[RunningAverage(Decay = [|nameof(Slow)|])] static double Mean(double gradient) => gradient; [Derived] static double Slow(double parameter) => parameter;" + UpdateByMean, "differs from parameter to parameter" },
        { "OPT1004", Head + "[RunningAverage(Weight = [|nameof(Mean)|])] static double Mean(double gradient) => gradient;" + UpdateByMean, "is the average itself" },
        { "OPT1004", Head + "[RunningAverage(Weight = [|\"Share\"|])] static double Mean(double gradient) => gradient;" + UpdateByMean, "is no property, member or field of 'R'" },
        { "OPT1002", Head + "[State(Initial = nameof(Start))] static double Mean(double gradient, double previousMean) => gradient + previousMean; [Derived] static double Start(double [|previousMean|]) => previousMean;" + UpdateByMean, "Start reads Start" },
        { "OPT1006", Head + "[RunningAverage(Weight = nameof(Rate), Correction = [|BiasCorrection.Published|])] static double Mean(double gradient) => gradient;" + UpdateByMean, "with weights of its own" },
        { "OPT1007", Head + "[Reduce(Reduction.Sum)] static double Squares(double scaled) => scaled * scaled; [Derived] static double Scaled(double gradient, double [|squares|]) => gradient / squares; [Update] static double Update(double parameter, double scaled) => parameter - scaled; }", "the last step's value instead, as 'previousSquares'" },
        { "OPT1008", Head + "[Reduce(Reduction.Sum, Scope = [|Scope.Parameter|])] static double Squares(double gradient) => gradient * gradient; [Update] static double Update(double parameter, double squares) => parameter - squares; }", "one parameter is nothing to reduce" },
        { "OPT1008", Head + "[Update] double Update(double parameter, [[|Gaussian|]] double gradient) => parameter - Rate * gradient; }", "'gradient' is a built-in input" },
        { "OPT1008", Head + "[Update] double Update(double parameter, double gradient, [[|Uniform|]] double mean, double rest) => parameter - Rate * gradient * mean; [State] static double Mean(double gradient) => gradient; [Derived] static double Rest(double mean) => mean; }", "reads the member 'Mean'" },
        { "OPT1008", Head + "[State] static double Walk([Gaussian] double noise) => noise; [Update] double Update(double parameter, double gradient, double walk, [[|Uniform|]] double noise) => parameter - Rate * gradient * noise * walk; }", "is declared otherwise in another member" },
        { "OPT1008", Head + "[Update] double Update(double parameter, double gradient, [PerParameter] [[|PerTensor|]] double mask) => parameter - Rate * gradient * mask; }".Replace("[PerParameter] [[|PerTensor|]]", "[[|PerParameter|]] [PerTensor]", StringComparison.Ordinal), "is [PerTensor] as well" },
        { "OPT1008", Head + "[Update] double Update(double parameter, [[|GradientAt(\"Ahead\")|]] double sharp) => parameter - Rate * sharp; }", "it must name a member that differs from parameter to parameter" },
        { "OPT1008", Head + "[Derived] double [|Ahead|](int step) => Rate * step; [Update] double Update(double parameter, [GradientAt(nameof(Ahead))] double sharp) => parameter - Rate * sharp; }", "the point does not differ" },
        { "OPT1008", Head + "[ReadAt] static double First(double update) => update; [[|ReadAt|]] static double Second(double update) => update;" + Update, "a rule has at most one" },
        { "OPT1008", Head + "static double Twice([[|Gaussian|]] double noise) => 2 * noise; [Update] double Update(double parameter, double gradient) => parameter - Rate * Twice(gradient); }", "inputs are bound to parameters of members" },
        { "OPT1008", Head + "[[|Observe|]] static double Twice(double x) => 2 * x; [Update] double Update(double parameter, double gradient) => parameter - Rate * Twice(gradient); }", "give the method a role" },
        { "OPT1008", "class Plain { [[|State|]] static double Mean(double gradient) => gradient; }", "mark 'Plain' with [Optimizer]" },
        { "OPT1008", "abstract record Base { [[|State|]] protected static double Mean(double previousMean, double gradient) => previousMean + gradient; } [Optimizer] sealed partial record R(double Rate = 0.1) : Base {" + Update, "members stand in the rule itself, and not in a base type; move it into the type marked [Optimizer]" },
        { "OPT1008", Head + "double Size { [[|Derived|]] get => Window; }" + Update, "put it on an ordinary method" },
        { "OPT1009", Head + "[State] static double [|Mean|](double gradient, double previousMean) => gradient + previousMean;" + Update, "read it as the input 'mean'" },
        { "OPT1010", Head + "[Update] double [|Update|](double parameter) => parameter * Rate; }", "'Update' does not depend on the gradient" },
        { "OPT1010", Head + "[State] static double Sum(double parameter, double previousSum) => parameter + previousSum; [Update] double [|Update|](double sum) => sum * Rate; }", "not even through a state" },
        { "OPT1019", Head + "[Reduce(Reduction.Sum, Scope = Scope.Row)] static double RowSum(double gradient) => gradient; [Observe, Reduce(Reduction.Sum)] static double [|Total|](double rowSum) => rowSum * rowSum; [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }", "'Total' adds up what is one number per row, once for every parameter it reduces; divide it by 'columns', so that each row counts once" },
        { "OPT1019", Head + "[Observe, Reduce(Reduction.Sum, Scope = Scope.Group)] static double [|Total|]([PerTensor] double energy) => energy; [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }", "is one number per tensor" },
        { "OPT1019", Head + "[Observe, Reduce(Reduction.Sum)] double [|Total|](int step) => Rate * step; [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }", "is one number per group" },
        { "OPT1012", "[Optimizer] public sealed partial record R(double Rate = 0.1, double Decay = [|1.0|]) { [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None)] static double Mean(double gradient) => gradient;" + UpdateByMean, "The default 1 of 'Decay'" },
        { "OPT1012", "[Optimizer] public sealed partial class R { double Rate { get; init; } = 1; public double Decay { get; init; } = [|-0.5|]; [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None)] static double Mean(double gradient) => gradient;" + UpdateByMean, "The default -0.5 of 'Decay'" },
        { "OPT1012", "[Optimizer] public sealed partial record R(double Rate = 0.1, int Window = [|0|]) { [RunningAverage(Window = nameof(Window))] static double Mean(double gradient) => gradient;" + UpdateByMean, "a window is at least 1" },
        { "OPT1012", "[Optimizer] public sealed partial record R([Domain(\"[0, inf)\")] double Rate = [|-0.1|]) {" + Update, "its domain is [0, inf)" },
        { "OPT1012", "[Optimizer] public sealed partial record R([Domain(\"(0, 1)\")] double Rate = [|0|]) {" + Update, "The default 0 of 'Rate'" },
        { "OPT1012", "[Optimizer] public sealed partial class R { [Domain(\"[1, 8]\")] public int Count { get; init; } = [|9|]; [Domain(\"[0, 1]\")] public readonly double Rate = 1;" + Update.Replace("Rate", "Rate * Count", StringComparison.Ordinal), "its domain is [1, 8]" },
        { "OPT1013", "[Optimizer] public sealed partial record R([Domain([|\"0, inf\"|])] double Rate = 0.1) {" + Update, "it must begin with '[' or '('" },
        { "OPT1013", "[Optimizer] public sealed partial record R([Domain([|\"[0; 1]\"|])] double Rate = 0.1) {" + Update, "it must have two ends" },
        { "OPT1013", "[Optimizer] public sealed partial record R([Domain([|\"[0, 1, 2]\"|])] double Rate = 0.1) {" + Update, "it must have two ends" },
        { "OPT1013", "[Optimizer] public sealed partial record R([Domain([|\"[0, one]\"|])] double Rate = 0.1) {" + Update, "'one' is not a number" },
        { "OPT1013", "[Optimizer] public sealed partial record R([Domain([|\"[NaN, 1]\"|])] double Rate = 0.1) {" + Update, "'NaN' is not a number" },
        { "OPT1013", "[Optimizer] public sealed partial record R([Domain([|\"[1, 0]\"|])] double Rate = 0.1) {" + Update, "it contains no number" },
        { "OPT1013", "[Optimizer] public sealed partial record R([Domain([|\"(1, 1]\"|])] double Rate = 0.1) {" + Update, "it contains no number" },
        { "OPT1013", "[Optimizer] public sealed partial record R([Domain([|null!|])] double Rate = 0.1) {" + Update, "'null', the domain of 'Rate'" },
        { "OPT1008", Head + "[Update] double Update(double parameter, [[|Domain(\"[0, 1]\")|]] double gradient) => parameter - Rate * gradient; }", "put it on a hyperparameter" },
        { "OPT1008", Head + "[[|Domain(\"[0, 1]\")|]] static readonly double Fixed = 1; [Update] double Update(double parameter, double gradient) => parameter - Rate * Fixed * gradient; }", "is none of the rule's hyperparameters" },
        { "OPT1008", Head + "[[|Domain(\"[0, 1]\")|]] public bool On { get; init; } [Update] double Update(double parameter, double gradient) => On ? parameter - Rate * gradient : parameter; }", "only a double, float or int has a domain" },
        { "OPT1014", "[Optimizer(Arithmetic = [|(Arithmetic)7|])] public sealed partial record R(double Rate = 0.1) {" + Update, "Arithmetic of 'R' is 7, which is no member of Arithmetic; choose one of Strict, Fused" },
        { "OPT1014", Head + "[Reduce([|(Reduction)9|])] static double Square(double gradient) => gradient * gradient; [Update] double Update(double parameter, double square) => parameter - Rate * square; }", "of 'Square' is 9, which is no member of Reduction" },
        { "OPT1014", Head + "[Reduce(Reduction.Sum, Scope = [|(Scope)9|])] static double Square(double gradient) => gradient * gradient; [Update] double Update(double parameter, double square) => parameter - Rate * square; }", "Scope of 'Square' is 9" },
        { "OPT1014", Head + "[RunningAverage(Decay = nameof(Decay), Correction = [|(BiasCorrection)(-1)|])] static double Mean(double gradient) => gradient;" + UpdateByMean, "Correction of 'Mean' is -1" },
        { "OPT1014", Head + "[Update] double Update(double parameter, double gradient, [Gaussian(Scope = [|(Scope)6|])] double noise) => parameter - Rate * gradient * noise; }", "Scope of 'noise' is 6" },
        { "OPT1014", Head + "[Update] double Update(double parameter, double gradient, [Uniform(Scope = [|(Scope)6|])] double noise) => parameter - Rate * gradient * noise; }", "Scope of 'noise' is 6" },
        { "OPT1014", Head + "[Update] double Update(double parameter, double gradient, [Rademacher(Scope = [|(Scope)6|])] double noise) => parameter - Rate * gradient * noise; }", "Scope of 'noise' is 6" },
        { "OPT1012", "[Optimizer] public sealed partial record R(double Rate = [|double.NaN|]) {" + Update, "whatever is computed with it is NaN" },
        { "OPT1012", "[Optimizer] public sealed partial class R { public double Rate { get; init; } = [|double.NaN|];" + Update, "The default NaN of 'Rate'" },
        { "OPT1012", "[Optimizer] public sealed partial record R(double Rate = [|-0.1|]) {" + Update, "with a negative value the update follows the gradient uphill" },
        { "OPT1012", "[Optimizer] public sealed partial record R(double Rate = [|-0.1|], double Decay = 0.9) { [State] double Velocity(double gradient, double previousVelocity) => Decay * previousVelocity + Rate * gradient; [Update] static double Update(double parameter, double velocity) => parameter - velocity; }", "The default -0.1 of 'Rate'" },
        { "OPT1010", Head + "[SearchDirection] static double [|Direction|](double parameter) => parameter;" + Update, "'Direction' does not depend on the gradient" },
        { "OPT1012", "[Optimizer] public sealed partial record R(double Rate = 0.1, int Period = [|0|]) { [Update] double Update(double parameter, double gradient, int step) => step % Period == 0 ? parameter : parameter - Rate * gradient; }", "The default 0 of 'Period' is out of range: 'step % Period' divides integers by it, and throws in every step; choose another default" },
        { "OPT1012", "[Optimizer] public sealed partial record R(double Rate = 0.1, double N = 10) { double [|Decay|] => 1 + 1 / N; [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None)] static double Mean(double gradient) => gradient;" + UpdateByMean, "The value 1.1 (at the defaults) of 'Decay' is out of range: a decay lies in [0, 1); mend its formula" },
        { "OPT1012", "[Optimizer] public sealed partial record R(double Rate = 0.1) { [Derived] static double [|Decay|](int step) => 1 + 1.0 / step; [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None)] static double Mean(double gradient) => gradient;" + UpdateByMean, "The value of 'Decay' is out of range" },
        { "OPT1012", "[Optimizer] public sealed partial record R(double Rate = 0.1, double N = 1) { double [|Length|] => N / 2; [RunningAverage(Window = nameof(Length))] static double Mean(double gradient) => gradient;" + UpdateByMean, "a window is at least 1 and finite" },
        { "OPT1015", "[Optimizer] public sealed partial record R(double Rate = 0.1, double [|WeightDecay|] = 0.01) {" + Update, "No member of 'R' reads the hyperparameter 'WeightDecay', so that setting it changes nothing; read it in the formula that needs it, or remove it" },
        { "OPT1015", "[Optimizer] public sealed partial record R(double Rate = 0.1) { public int [|Window|] { get; init; } = 10;" + Update, "'Window'" },
        { "OPT1015", "[Optimizer] public sealed partial record R(double Rate = 0.1, bool [|Nesterov|] = true) {" + Update, "'Nesterov'" },
        { "OPT1015", "[Optimizer] public sealed partial class R { public readonly double [|Decay|] = 0.1; public double Rate { get; init; } = 1;" + Update, "'Decay'" },
        { "OPT1016", Head + "[Update] double Update(double parameter, double gradient, int [|step|]) => parameter - Rate * gradient; }", "'Update' never uses its input 'step'; use it in the formula, or remove the parameter" },
        { "OPT1016", Head + "[Update] double Update(double parameter, double gradient, double [|previousGradient|]) => parameter - Rate * gradient; }", "'previousGradient', which is kept from step to step for it;" },
        { "OPT1016", Head + "[State] double Mean(double gradient, double [|previousMean|]) => Decay * gradient;" + UpdateByMean, "'Mean' never uses its input 'previousMean';" },
        { "OPT1016", Head + "[Update] double Update(double parameter, double gradient, [Gaussian] double [|noise|]) => parameter - Rate * gradient; }", "which is drawn in every step" },
        { "OPT1016", Head + "[Update] double Update(double parameter, double gradient, [PerParameter] double [|mask|]) => parameter - Rate * gradient; }", "which the caller must fill" },
        { "OPT1016", Head + "[Derived] double Ahead(double parameter, double gradient) => parameter - Rate * gradient; [Update] double Update(double parameter, double gradient, [GradientAt(nameof(Ahead))] double [|sharp|]) { return parameter - Rate * gradient; } }", "for which the loss is evaluated again" },
        { "OPT1017", Head + "[[|State|]] double Scaled(double gradient) => Decay * gradient; [Update] double Update(double parameter, double scaled) => parameter - Rate * scaled; }", "'Scaled' is kept from step to step, but nothing reads 'previousScaled'; read it if the formula needs the past, or mark 'Scaled' with [Derived]" },
        { "OPT1017", Head + "[[|State(Initial = 1)|]] static double Share(int step) => 1.0 / step; [Update] double Update(double parameter, double gradient, double share) => parameter - Rate * share * gradient; }", "'previousShare'" },
        { "OPT1018", Head + "[Update] double [|Update|](double gradient) => -Rate * gradient; }", "'Update' returns the new content of the parameters and does not depend on their old content, not even through a state; return 'parameter' plus the change" },
        { "OPT1018", Head + "[Derived] double [|Up|](double gradient) => Rate * gradient; [Update] double Update(double parameter, [GradientAt(nameof(Up))] double sharp) => parameter - Rate * sharp; }", "'Up' is a point at which a gradient is taken and does not depend on the parameters" },
        { "OPT1018", Head + "[ReadAt] double [|Model|](double gradient) => Rate * gradient;" + Update, "'Model' returns what is read as the model and does not depend on the parameters" },
        { "OPT1018", Head + "[State] double Mean(double gradient, double previousMean) => Decay * previousMean - Rate * gradient; [Update] static double [|Update|](double mean) => mean; }", "return 'parameter' plus the change" },
    };

    public static TheoryData<string, string> NearMisses => new()
    {
        { "OPT1019", Head + "[Reduce(Reduction.Sum, Scope = Scope.Row)] static double RowSum(double gradient) => gradient; [Observe, Reduce(Reduction.Sum)] static double Total(double rowSum, int columns) => rowSum / columns; [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }" },
        { "OPT1019", Head + "[Reduce(Reduction.Sum, Scope = Scope.Row)] static double RowSum(double gradient) => gradient; [Observe, Reduce(Reduction.Mean)] static double Level(double rowSum) => rowSum; [Observe, Reduce(Reduction.Sum, Scope = Scope.Column)] static double Across(double rowSum) => rowSum; [Observe, Reduce(Reduction.Max)] static double Top(double rowSum) => rowSum; [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }" },
        { "OPT1001", Head + "[Update] double Update(double parameter, double gradient, double previousGradient) => parameter - Rate * (gradient + previousGradient); }" },
        { "OPT1002", Head + "[Derived] static double First(double previousSecond, double gradient) => previousSecond + gradient; [Derived] static double Second(double first) => first; [Update] static double Update(double parameter, double second) => parameter - second; }" },
        { "OPT1003", Head + "[Derived] static bool Late(int step) => step > 3; [Update] double Update(double parameter, double gradient, bool late, bool previousLate) => late && previousLate ? parameter : parameter - Rate * gradient; }" },
        { "OPT1004", "[Optimizer] public sealed partial record R(double N = 10, double Start = 1) { double Decay => 1 - 1 / N; [RunningAverage(Decay = nameof(Decay), Initial = nameof(Start))] static double Mean(double gradient) => gradient; [Update] static double Update(double parameter, double mean) => parameter - mean; }" },
        { "OPT1005", Head + "[RunningAverage(Window = nameof(Window))] static double Mean(double gradient) => gradient;" + UpdateByMean },
        { "OPT1006", Head + "[RunningAverage(Window = nameof(Window), Correction = BiasCorrection.None)] static double Mean(double gradient) => gradient;" + UpdateByMean },
        { "OPT1007", Head + "[Reduce(Reduction.Sum)] static double Squares(double scaled) => scaled * scaled; [Derived] static double Scaled(double gradient, double previousSquares) => gradient * (1 + previousSquares); [Update] double Update(double parameter, double scaled) => parameter - Rate * scaled; }".Replace("(1 + previousSquares)", "Math.Min(1, previousSquares)", StringComparison.Ordinal) },
        { "OPT1008", Head + "[State] static double Walk([Gaussian] double noise, double previousWalk) => previousWalk + noise; [Update] double Update(double parameter, double gradient, double walk, double noise, [Uniform(Scope = Scope.Tensor)] double draw) => parameter - Rate * gradient * (walk + noise) * draw; }" },
        { "OPT1008", "class Plain { [Obsolete] static double Mean(double gradient) => gradient; }" },
        { "OPT1001", Head + "[State] double _v(double gradient, double previous_v) => Decay * previous_v + gradient; [Update] double Update(double parameter, double _v) => parameter - Rate * _v; }" },
        { "OPT1009", Head + "[Derived] static double Half(double gradient) => gradient / 2; [Update] double Update(double parameter, double gradient) => parameter - Rate * Half(gradient); }" },
        { "OPT1016", Head + "[State(Initial = nameof(gradient))] double Last(double gradient, double previousLast, double previousGradient) => Decay * previousLast + previousGradient; [Update] double Update(double parameter, double last) => parameter - Rate * last; }" },
        { "OPT1019", Head + "[Reduce(Reduction.Sum, Scope = Scope.Row)] static double RowSum(double gradient) => gradient * gradient; [Derived] static double Each(double rowSum, int columns) => Math.Sqrt(rowSum) / columns; [Observe, Reduce(Reduction.Sum)] static double Total(double each) => each; [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }" },
        { "OPT1009", Head + "[State] static double Mean(double gradient, double previousMean) => gradient + previousMean; [Derived] static double Twice(double previousMean) => 2 * previousMean; [Update] double Update(double parameter, double twice) => parameter - Rate * twice; }" },
        { "OPT1010", Head + "[State] static double Sum(double gradient, double previousSum) => gradient + previousSum; [Update] double Update(double parameter, double previousSum) => parameter - Rate * previousSum; }" },
        { "OPT1012", "[Optimizer] public sealed partial record R(double Rate = 7, double Decay = 0, int Window = 1) { [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None)] static double Mean(double gradient) => gradient; [RunningAverage(Window = nameof(Window))] static double Long(double gradient) => gradient; [Update] double Update(double parameter, double mean, double @long) => parameter - Rate * mean * @long; }" },
        { "OPT1013", "[Optimizer] public sealed partial record R([Domain(\"[0, 1)\")] double Rate = 0, [property: Domain(\" ( -inf ,+inf ] \")] double Shift = -7, [Domain(\"[-1e-3, -1e-3]\")] double Point = -1e-3) { [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient + Shift + Point; }" },
        { "OPT1014", Head + "[Reduce((Reduction)1, Scope = (Scope)3)] static double Square(double gradient) => gradient * gradient; [Update] double Update(double parameter, double gradient, double square) => parameter - Rate * square * gradient; }" },
        // A rate that is subtracted twice, a sign that nothing says, a domain that allows it; NaN elsewhere.
        { "OPT1012", "[Optimizer] public sealed partial record R(double Rate = -0.1, double Shift = -1, [Domain(\"[-1, 1]\")] double Pull = -0.5) { [Update] double Update(double parameter, double gradient, [Gaussian] double noise) => parameter + Rate * gradient + Shift * noise + Pull * noise; }" },
        { "OPT1012", "[Optimizer] public sealed partial record R(double Rate = 0.1, double Limit = double.PositiveInfinity) { [Update] double Update(double parameter, double gradient) => gradient is double.NaN ? parameter : parameter - Rate * Math.Min(gradient, Limit); }" },

        // Read as a decay, as what a state begins with, by a helper, by a computed property, by the caller through a property, or by a base type.
        { "OPT1015", "public record Base(double Shared = 1); [Optimizer] public sealed partial record R(double Rate = 0.1, double Decay = 0.9, double First = 1, double A = 1, double B = 2, double C = 3) : Base { double Twice => 2 * B; public double Whole => C * Rate; double By(double x) => A * x; [RunningAverage(Decay = nameof(Decay), Initial = nameof(First))] static double Mean(double gradient) => gradient; [Update] double Update(double parameter, double mean) => parameter - Rate * By(Twice * mean); }" },
        { "OPT1015", "[Optimizer] public sealed partial record R(double Rate = 0.1, string Name = \"r\") { const double Unread = 1;" + Update },
        { "OPT1016", Head + "[Derived] static int Seen(int step) => step; [Update] double Update(double parameter, double gradient, int seen) { double change = gradient; if (seen > 2) { change *= Rate; } return parameter - change; } }" },

        // A copy of the last step's value, the past read elsewhere, a model that is read after the step, a name in another program's files.
        { "OPT1017", Head + "[State] static double Last(double gradient) => gradient; [Update] double Update(double parameter, double gradient, double previousLast) => parameter - Rate * (gradient - previousLast / 2); }" },
        { "OPT1017", Head + "[State] double Mean(double gradient, double previousSecond) => Decay * previousSecond + gradient; [State] static double Second(double mean) => mean; [Update] double Update(double parameter, double mean) => parameter - Rate * mean; }".Replace("[State] double Mean(double gradient, double previousSecond)", "[Derived] double Mean(double gradient, double previousSecond)", StringComparison.Ordinal) },
        { "OPT1017", Head + "[State] double Ahead(double parameter, double gradient) => parameter - Decay * gradient; [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; [ReadAt] static double Model(double ahead) => ahead; }" },
        { "OPT1017", Head + "[State(SavedAs = \"exp_avg\")] double Scaled(double gradient) => Decay * gradient; [Update] double Update(double parameter, double scaled) => parameter - Rate * scaled; }" },

        // Through what a state begins with, through the last step's parameter, and through a state that keeps it.
        { "OPT1018", Head + "[Derived] static double Start(double parameter) => parameter; [State(Initial = nameof(Start))] double Point(double gradient, double previousPoint) => previousPoint - Rate * gradient; [Update] static double Update(double point) => point; }" },
        { "OPT1018", Head + "[Derived] double Up([PerParameter] double anchor, double gradient) => anchor + Rate * gradient; [ReadAt] static double Model(double update) => update; [Update] double Update(double parameter, [GradientAt(nameof(Up))] double sharp) => parameter - Rate * sharp; }" },
        { "OPT1010", Head + "[SearchDirection] static double Direction([PerParameter] double newton) => newton;" + Update },
        { "OPT1012", "[Optimizer] public sealed partial record R(double Rate = 0.1, int Period = 0) { [Update] double Update(double parameter, double gradient, int step) => Period > 0 && step % Period == 0 ? parameter : parameter - Rate * gradient; }" },
        { "OPT1012", "[Optimizer] public sealed partial record R(double Rate = 0.1, double N = 10) { double Decay => 1 - 1 / N; [Derived] double Late(int step) => 1 - 1 / (step + N); [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None)] static double Mean(double gradient) => gradient; [RunningAverage(Decay = nameof(Late), Correction = BiasCorrection.None)] static double Slow(double mean) => mean; [Update] double Update(double parameter, double slow) => parameter - Rate * slow; }" },
        { "OPT1018", Head + "[Update] double Update(double previousParameter, double gradient) => previousParameter - Rate * gradient; }" },
    };

    private static string WithMember(string input) => Head
        + "[RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None)] static double MeanSquare(double gradient) => gradient * gradient; "
        + "[State] static double Velocity(double gradient, double previousVelocity) => gradient + previousVelocity; "
        + $"[Update] double Update(double parameter, double gradient, {input}) => parameter - Rate * gradient; }}";

    [Theory]
    [MemberData(nameof(Reported))]
    public void Is_reported_on_the_smallest_node(string id, string source, string words) => AnalyzerHarness.RequireOne(id, AnalyzerHarness.WithoutUnread(source, Head), words);

    [Theory]
    [MemberData(nameof(NearMisses))]
    public void Is_silent_on_a_near_miss(string id, string source)
    {
        Assert.StartsWith("OPT", id, StringComparison.Ordinal);
        AnalyzerHarness.RequireNone(AnalyzerHarness.WithoutUnread(source, Head));
    }
}
