namespace OptDsl.Generator.Tests.Throwing;

/// <summary>
/// Rules that throw in the step <c>Bad</c>: an operation that can throw, in a value of some kind, read by some member. In every
/// other step, and with another <c>Bad</c>, they do not.
/// </summary>
internal static class ThrowingRules
{
    /// <summary>The operations of the language that can throw: they do where k is zero.</summary>
    internal static (string Name, string Text)[] Operations { get; } =
    [
        ("Divide", "(double)(12 / k)"),
        ("Remainder", "(double)(12 % k)"),
        ("DivideLeast", "(double)(Least / (k == 0 ? -1 : 7))"),
        ("CheckedSum", "(double)checked(Most + (k == 0 ? 9 : 1))"),
        ("CheckedCast", "(double)checked((int)(k == 0 ? 1e300 : 3.5))"),
        ("Absolute", "(double)Math.Abs(k == 0 ? Least : -5)"),
        ("Clamp", "Math.Clamp(0.5, k == 0 ? 2.0 : 0.0, 1.0)"),
        ("Switch", "k switch { > 0 => 1.5, < 0 => 2.5 }"),
    ];

    private const string Global =
        "[Reduce(Reduction.Sum, Scope = Scope.Global)] static double Mass(double gradient) => gradient * gradient; ";
    private const string Tensor =
        "[Reduce(Reduction.Sum, Scope = Scope.Tensor)] static double Mass(double gradient) => gradient * gradient; ";
    private const string Row = "[Reduce(Reduction.Sum, Scope = Scope.Row)] static double Mass(double gradient) => gradient * gradient; ";
    private const string Column =
        "[Reduce(Reduction.Max, Scope = Scope.Column)] static double Mass(double gradient) => gradient * gradient; ";
    private const string Now = "step - Bad", Massive = "step == Bad && mass > 0 ? 0 : 1", Drawn = "step == Bad && draw > 0.5 ? 0 : 1";

    /// <summary>Kinds of value Q: helper members, Q's inputs, its k, and its body, in which OP is the operation.</summary>
    internal static (string Name, string Members, string Inputs, string K, string Body, bool Throws)[] Kinds { get; } =
    [
        ("Group", "", "int step", Now, "return OP;", true),
        ("GroupReduced", Global, "int step, double mass", Massive, "return OP;", true),
        ("Tensor", "", "int step, int rows", "step == Bad && rows == 2 ? 0 : 1", "return OP;", true),
        ("TensorInput", "", "int step, [PerTensor] double weight", "step == Bad && weight > 2 ? 0 : 1", "return OP;", true),
        ("TensorReduced", Tensor, "int step, double mass, int rows", "step == Bad && mass > 0 && rows == 2 ? 0 : 1", "return OP;", true),
        ("Row", "", "int step, [Uniform(Scope = Scope.Row)] double draw", Drawn, "return OP;", true),
        ("RowReduced", Row, "int step, double mass, int rows", "step == Bad && mass > 0 && rows == 2 ? 0 : 1", "return OP;", true),
        ("Column", "", "int step, [Uniform(Scope = Scope.Column)] double draw", Drawn, "return OP;", true),
        ("ColumnReduced", Column, "int step, double mass", Massive, "return OP;", true),
        ("GroupInTensor", "", "int step, int rows", Now, "return rows * 0.5 * OP;", true),
        ("GroupInRow", Row, "int step, double mass", Now, "return mass * OP;", true),
        ("TensorInColumn", Column, "int step, int rows, double mass", "step == Bad && rows == 2 ? 0 : 1", "return mass + OP;", true),
        ("GuardedInTensor", "", "int step, int rows", Now, "if (rows == 2) { return OP; } return 1.0;", true),
        ("GuardedInRow", Row, "int step, double mass", Now, "return mass > 0 ? OP : 1.0;", true),
        ("NeverInTensor", "", "int step, int rows", Now, "return rows == 77 ? OP : 1.0;", false),
        ("NeverInRow", Row, "int step, double mass", Now, "return mass < 0 ? OP + OP : 1.0;", false),
        ("NotUsed", "", "int step, int rows", Now, "double unused = OP; return rows;", true),
        ("Ignored", "", "int step", Now, "return First(1.0, OP);", true),
        ("Alike", "", "int step", Now, "double x = 2; if (OP > 1) { x = 2; } return x;", true),
    ];

    /// <summary>Members that read q.</summary>
    internal static (string Name, string Text, Reader Reader)[] Readers { get; } =
    [
        ("Update", "[Update] double Update(double parameter, double velocity, double q) => parameter - 0.1 * velocity * q;", Reader.Step),
        ("Choice", "[Update] double Update(double parameter, double velocity, double gradient, double q) => parameter - 0.1 * velocity * (gradient > 0 ? q : 1.0);", Reader.Step),
        ("Arm", "[Update] double Update(double parameter, double velocity, int step, double q) => parameter - 0.1 * velocity * (step > 99 ? q : 1.0);", Reader.Step),
        ("State", "[State(Initial = 1)] double Sum(double gradient, double q, double previousSum) => previousSum + q * gradient; [Update] double Update(double parameter, double velocity, double sum) => parameter - velocity * sum;", Reader.Step),
        ("Unread", "[State] double Sum(double q, double previousSum) => previousSum + q; [Update] double Update(double parameter, double velocity) => parameter - velocity;", Reader.Step),
        ("Carried",
            "[State(Initial = 5)] double Sum(double q, double previousSum) => previousSum + q; [Update] double Update(double parameter, double velocity, double sum) => parameter - velocity * sum;", Reader.Step),
        ("Decay", "[Derived] double Beta(double q) => q > 1e300 ? 0.9 : 0.5; [RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.Published)] double Mean(double gradient) => gradient; [Update] double Update(double parameter, double velocity, double mean, double previousMean) => parameter - velocity * mean + previousMean;", Reader.Step),
        ("Weight", "[Derived] double Share(double q) => q > 1e300 ? 0.9 : 0.5; [RunningAverage(Weight = nameof(Share))] double Mean(double gradient) => gradient; [Update] double Update(double parameter, double velocity, double mean) => parameter - velocity * mean;", Reader.Step),
        ("Reduction",
            "[Reduce(Reduction.Sum, Scope = Scope.Tensor)] double Whole(double gradient, double q) => gradient * q; [Update] double Update(double parameter, double velocity, double whole) => parameter - 1e-3 * velocity * whole;", Reader.Step),
        ("GlobalReduction",
            "[Reduce(Reduction.Sum, Scope = Scope.Global)] double Whole(double gradient, double q) => gradient * q; [State] double Kept(double whole) => whole; [Update] double Update(double parameter, double velocity) => parameter - velocity;", Reader.Step),
        ("Previous", "[Update] double Update(double parameter, double velocity, double previousQ) => parameter - velocity * previousQ;",
            Reader.Step),
        ("Clamped",
            "[Update] double Update(double parameter, double velocity, double q) => parameter - Math.Clamp(velocity, Math.Min(q, -1), 1);",
                Reader.Step),
        ("Point", "[Derived] double There(double parameter, double q) => parameter + 0.01 * q; [Update] double Update(double parameter, double velocity, [GradientAt(nameof(There))] double sharp) => parameter - velocity - 0.1 * sharp;", Reader.Point),
        ("AfterPoint",
            "[Derived] double There(double parameter) => parameter + 0.01; [Update] double Update(double parameter, double velocity, double q, [GradientAt(nameof(There))] double sharp) => parameter - velocity - 0.1 * sharp * q;", Reader.Point),
        ("Initial",
            "[Derived] double Start(double parameter, double q) => parameter + q; [State(Initial = nameof(Start))] double Sum(double gradient, double previousSum) => previousSum + gradient; [Update] double Update(double parameter, double velocity, double sum) => parameter - velocity * sum;", Reader.Initial),
        ("CarriedInitial",
            "[State(Initial = nameof(Q))] double Sum(int step, double previousSum) => previousSum + step; [Update] double Update(double parameter, double velocity, double sum) => parameter - velocity * sum;", Reader.Initial),
        ("Observed",
            "[Observe] [Derived] double Seen(double gradient, double q) => gradient * q; [Update] double Update(double parameter, double velocity) => parameter - velocity;", Reader.Observed),
        ("Read", "[Update] double Update(double parameter, double velocity) => parameter - velocity; [ReadAt] double Model(double update, double q) => update * q;", Reader.Read),
        ("ReadState",
            "[Update] double Update(double parameter, double velocity) => parameter - velocity; [ReadAt] double Model(double velocity, double gradient, double q) => velocity * q + gradient;", Reader.Read),
        ("Direction",
            "[Update] double Update(double parameter, double velocity) => parameter - velocity; [SearchDirection] double Direction(double velocity, double q) => velocity * q;", Reader.Direction),
    ];

    /// <summary>The rule of an operation, a kind and a reader.</summary>
    internal static string Text(int operation, int kind, int reader)
    {
        (string _, string members, string inputs, string k, string body, bool _) = Kinds[kind];
        return $$"""
            [Optimizer]
            public sealed partial record {{Name(operation, kind, reader)}}(int Bad = 2, int Least = int.MinValue, int Most = int.MaxValue - 3)
            {
                public {{Name(operation, kind, reader)}} With(int bad) => this with { Bad = bad };

                static double First(double a, double b) => a;

                [State(Initial = 2)] static double Velocity(double gradient, double previousVelocity) => 0.5 * previousVelocity + gradient;

                {{members}}

                [Derived]
                double Q({{inputs}})
                {
                    int k = {{k}};
                    {{body.Replace("OP", $"({Operations[operation].Text})", StringComparison.Ordinal)}}
                }

                {{Readers[reader].Text}}
            }
            """;
    }

    internal static string Name(int operation, int kind, int reader)
        => $"{Operations[operation].Name}{Kinds[kind].Name}{Readers[reader].Name}";
}

/// <summary>What evaluates a member that reads q.</summary>
internal enum Reader
{
    Step,
    Point,
    Initial,
    Observed,
    Read,
    Direction,
}
