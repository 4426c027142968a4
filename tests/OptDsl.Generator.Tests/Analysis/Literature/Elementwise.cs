// Rules of the literature that work parameter by parameter, in the forms in which papers and other libraries have them.
namespace Literature;

[Optimizer]
public sealed partial record AmsGrad(double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)] static double Mean(double gradient) => gradient;
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.None)] static double MeanSquare(double gradient)
        => gradient * gradient;
    [State] static double Largest(double meanSquare, double previousLargest) => Math.Max(previousLargest, meanSquare);
    [Derived] double RootCorrection(int step) => Math.Sqrt(1 - RuleMath.Pow(Beta2, step));
    [Update] double Update(double parameter, double mean, double largest, double rootCorrection)
        => parameter - LearningRate * mean / (Math.Sqrt(largest) / rootCorrection + Epsilon);
}

[Optimizer]
public sealed partial record NAdam(double LearningRate = 2e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8,
    double MomentumDecay = 4e-3)
{
    double MuAt(int step) => Beta1 * (1 - 0.5 * RuleMath.Pow(0.96, step * MomentumDecay));
    [State(Initial = 1.0)] double MuProduct(int step, double previousMuProduct) => previousMuProduct * MuAt(step);
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.None)] static double Mean(double gradient) => gradient;
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)] static double MeanSquare(double gradient)
        => gradient * gradient;
    [Update]
    double Update(double parameter, double gradient, double mean, double meanSquare, double muProduct, int step)
    {
        double denominator = Math.Sqrt(meanSquare) + Epsilon, next = MuAt(step + 1);
        return parameter - LearningRate * (1 - MuAt(step)) / (1 - muProduct) * gradient / denominator
            - LearningRate * next / (1 - muProduct * next) * mean / denominator;
    }
}

[Optimizer]
public sealed partial record Rprop(double LearningRate = 1e-2, double Shrink = 0.5, double Grow = 1.2, double Smallest = 1e-6,
    double Largest = 50)
{
    [State(Initial = nameof(LearningRate))]
    double StepSize(double gradient, double previousKept, double previousStepSize)
    {
        double agreement = gradient * previousKept;
        return Math.Clamp(previousStepSize * (agreement > 0 ? Grow : agreement < 0 ? Shrink : 1), Smallest, Largest);
    }
    [State] static double Kept(double gradient, double previousKept) => gradient * previousKept < 0 ? 0 : gradient;
    [Update] static double Update(double parameter, double kept, double stepSize) => parameter - stepSize * RuleMath.Sign(kept);
}

[Optimizer]
public sealed partial record AveragedSgd(double LearningRate = 1e-2, double Lambda = 1e-4, double Alpha = 0.75, double Start = 1e6)
{
    [Derived] double Eta(int step) => LearningRate / RuleMath.Pow(1 + Lambda * LearningRate * (step - 1), Alpha);
    [Derived] double Mu(int step) => 1 / Math.Max(1.0, step - 1 - Start);
    [Update] double Update(double parameter, double gradient, double eta) => parameter * (1 - Lambda * eta) - eta * gradient;
    [State] static double Average(double update, double mu, double previousAverage) => mu == 1 ? update
        : previousAverage + mu * (update - previousAverage);
    [ReadAt] static double Read(double average) => average;
}

[Optimizer]
public sealed partial record Adan(double LearningRate = 1e-3, double Beta1 = .98, double Beta2 = .92, double Beta3 = .99,
    double Epsilon = 1e-8, double WeightDecay = 0)
{
    [Derived] static double Change(double gradient, double previousGradient, int step) => step == 1 ? 0 : gradient - previousGradient;
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)] static double Mean(double gradient) => gradient;
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)] static double MeanChange(double change) => change;
    [RunningAverage(Decay = nameof(Beta3), Correction = BiasCorrection.Published)]
    double MeanSquare(double gradient, double change) { double g = gradient + Beta2 * change; return g * g; }
    [Update]
    double Update(double parameter, double mean, double meanChange, double meanSquare)
    {
        double denominator = Math.Sqrt(meanSquare) + Epsilon;
        return parameter * (1 - LearningRate * WeightDecay) - LearningRate * (mean + Beta2 * meanChange) / denominator;
    }
}

[Optimizer]
public sealed partial record AdanWithCopy(double LearningRate = 1e-3, double Beta2 = .92)
{
    [State] static double Last(double gradient) => gradient;
    [Derived] static double Change(double gradient, double previousLast, int step) => step == 1 ? 0 : gradient - previousLast;
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)] static double MeanChange(double change) => change;
    [Update] double Update(double parameter, double gradient, double meanChange)
        => parameter - LearningRate * (gradient + Beta2 * meanChange);
}

[Optimizer]
public sealed partial record Adopt(double LearningRate = 1e-3, double Beta1 = .9, double Beta2 = .9999, double Epsilon = 1e-6)
{
    [State]
    double SecondMoment(double gradient, double previousSecondMoment, int step)
        => step == 1 ? gradient * gradient : Beta2 * previousSecondMoment + (1 - Beta2) * gradient * gradient;
    [State]
    double Mean(double gradient, double previousSecondMoment, double previousMean, int step)
    {
        if (step == 1) return previousMean;
        double bound = RuleMath.Pow(step - 1, 0.25);
        double u = Math.Clamp(gradient / Math.Max(Math.Sqrt(previousSecondMoment), Epsilon), -bound, bound);
        return previousMean + (1 - Beta1) * (u - previousMean);
    }
    [Update] double Update(double parameter, double mean, int step) => step == 1 ? parameter : parameter - LearningRate * mean;
}

[Optimizer]
public sealed partial record AdoptByWeights(double LearningRate = 1e-3, double Beta1 = .9, double Beta2 = .9999, double Epsilon = 1e-6)
{
    [Derived] static double Square(double gradient) => gradient * gradient;
    [Derived] double Weight(int step) => step == 1 ? 1 : 1 - Beta2;
    [RunningAverage(Weight = nameof(Weight))] static double Seeded(double square) => square;
    [Derived]
    double Direction(double gradient, double previousSeeded, int step)
    {
        if (step == 1) return 0;
        double bound = RuleMath.Pow(step - 1, 0.25);
        return Math.Clamp(gradient / Math.Max(Math.Sqrt(previousSeeded), Epsilon), -bound, bound);
    }
    [Derived] double MeanWeight(int step) => step == 1 ? 0 : 1 - Beta1;
    [RunningAverage(Weight = nameof(MeanWeight))] static double Mean(double direction) => direction;
    [Update] double Update(double parameter, double mean, int step) => step == 1 ? parameter : parameter - LearningRate * mean;
}

[Optimizer]
public sealed partial record Madgrad(double LearningRate = 1e-2, double Momentum = .9, double Epsilon = 1e-6)
{
    [Derived] static double Start(double parameter) => parameter;
    [State(Initial = nameof(Start))] static double Origin(double previousOrigin) => previousOrigin;
    [Derived] double Lambda(int step) => LearningRate * Math.Sqrt(step);
    [State] static double SquareSum(double gradient, double lambda, double previousSquareSum)
        => previousSquareSum + lambda * gradient * gradient;
    [State] static double GradientSum(double gradient, double lambda, double previousGradientSum)
        => previousGradientSum + lambda * gradient;
    [Update]
    double Update(double parameter, double origin, double squareSum, double gradientSum)
        => Momentum * parameter + (1 - Momentum) * (origin - gradientSum / (RuleMath.Cbrt(squareSum) + Epsilon));
}

[Optimizer]
public sealed partial record Ftrl(double LearningRate = .1, double L1 = 0, double L2 = 0, double Beta = 1, double Start = 0.1)
{
    [State(Initial = nameof(Start))] static double SquareSum(double gradient, double previousSquareSum)
        => previousSquareSum + gradient * gradient;
    [State]
    double Linear(double gradient, double parameter, double squareSum, double previousSquareSum, double previousLinear)
        => previousLinear + gradient - (Math.Sqrt(squareSum) - Math.Sqrt(previousSquareSum)) / LearningRate * parameter;
    [Update]
    double Update(double linear, double squareSum)
        => Math.Abs(linear) <= L1 ? 0 : (RuleMath.Sign(linear) * L1 - linear) / ((Beta + Math.Sqrt(squareSum)) / LearningRate + L2);
}

[Optimizer]
public sealed partial record Complete(
    int Warmup = 100, double Batch = 1, double SmallestBatch = 10, double LambdaB = 16, double LambdaEta = 1 / 32.0, double Epsilon = 1e-8,
        double Tiny = 1e-30,
    double LargestRate = 1)
{
    [Derived] double Weight(int step, double previousOptimalBatch) => step <= Warmup ? 1.0 / step
        : Math.Min(1, Batch / previousOptimalBatch);
    [RunningAverage(Weight = nameof(Weight))] static double Mean(double gradient) => gradient;
    [RunningAverage(Weight = nameof(Weight))] static double MeanSquare(double gradient) => gradient * gradient;
    [Derived] static double Variance(double mean, double meanSquare) => Math.Max(meanSquare - mean * mean, 0);
    [State] double OptimalBatch(double mean, double variance) => Math.Max(LambdaB * variance / (mean * mean + Epsilon), SmallestBatch);
    [Rate] double Rate(double mean, double variance, int step) => step <= Warmup ? 0
        : Math.Min(LambdaEta * mean * mean / Math.Max(variance, Tiny), LargestRate);
    [Update] static double Update(double parameter, double gradient, double rate) => parameter - rate * gradient;
}

[Optimizer]
public sealed partial record AcceleratedSgd(double LearningRate, double Mu)
{
    [Derived] static double Start(double parameter) => parameter;
    [Derived] double Beta() { double q = Math.Sqrt(LearningRate * Mu); return (1 - q) / (1 + q); }
    [State(Initial = nameof(Start))] double Point(double parameter, double gradient) => parameter - LearningRate * gradient;
    [Update] static double Update(double point, double previousPoint, double beta) => point + beta * (point - previousPoint);
    [ReadAt] static double Read(double point) => point;
}

[Optimizer]
public sealed partial record ImplicitGradientTransport(double LearningRate)
{
    [Derived] static double Start(double parameter) => parameter;
    [Derived] static double Gamma(int step) => (step - 1.0) / step;
    [State] static double Velocity(double gradient, double gamma, double previousVelocity)
        => gamma * previousVelocity + (1 - gamma) * gradient;
    [State(Initial = nameof(Start))] double Point(double velocity, double previousPoint) => previousPoint - LearningRate * velocity;
    [Update] static double Update(double point, double previousPoint, int step) => point + step * (point - previousPoint);
    [ReadAt] static double Read(double point) => point;
}

[Optimizer]
public sealed partial record ScheduleFreeAdamW(
    double LearningRate = 2.5e-3, double Beta1 = .9, double Beta2 = .999, double Epsilon = 1e-8, double WeightDecay = 0, int Warmup = 0,
        double Power = 2)
{
    [Derived] static double Start(double parameter) => parameter;
    [Derived] double Eta(int step) => Warmup == 0 ? LearningRate : LearningRate * Math.Min(1.0, (double)step / Warmup);
    [State] static double Largest(double eta, double previousLargest) => Math.Max(previousLargest, eta);
    [Derived] double Share(double largest) => RuleMath.Pow(largest, Power);
    [State] static double Total(double share, double previousTotal) => previousTotal + share;
    [Derived] static double Blend(double share, double total) => share / total;
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)] static double MeanSquare(double gradient)
        => gradient * gradient;
    [State(Initial = nameof(Start))]
    double Fast(double parameter, double gradient, double meanSquare, double eta, double previousFast)
        => previousFast - eta * (gradient / (Math.Sqrt(meanSquare) + Epsilon) + WeightDecay * parameter);
    [State(Initial = nameof(Start))] static double Average(double previousAverage, double fast, double blend)
        => (1 - blend) * previousAverage + blend * fast;
    [Update] double Update(double average, double fast) => Beta1 * average + (1 - Beta1) * fast;
    [ReadAt] static double Read(double average) => average;
}

[Optimizer]
public sealed partial record Adam(double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published, SavedAs = "exp_avg")] static double Mean(double gradient)
        => gradient;
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published,
        SavedAs = "exp_avg_sq")] static double MeanSquare(double gradient) => gradient * gradient;
    [Update] double Update(double parameter, double mean, double meanSquare)
        => parameter - LearningRate * mean / (Math.Sqrt(meanSquare) + Epsilon);
}

[Optimizer]
public sealed partial record AdamByHand(double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8)
{
    [State] double Mean(double gradient, double previousMean) => Beta1 * previousMean + (1 - Beta1) * gradient;
    [State] double MeanSquare(double gradient, double previousMeanSquare)
        => Beta2 * previousMeanSquare + (1 - Beta2) * (gradient * gradient);
    [Update]
    double Update(double parameter, double mean, double meanSquare, int step)
    {
        double correctedMean = mean / (1 - Math.Pow(Beta1, step)), correctedSquare = meanSquare / (1 - Math.Pow(Beta2, step));
        return parameter - LearningRate * correctedMean / (Math.Sqrt(correctedSquare) + Epsilon);
    }
}

[Optimizer]
public sealed partial record AdamByDifferences(double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8)
{
    [State] double Mean(double gradient, double previousMean) => previousMean + (1 - Beta1) * (gradient - previousMean);
    [State] double MeanSquare(double gradient, double previousMeanSquare)
        => previousMeanSquare - (previousMeanSquare - gradient * gradient) * (1 - Beta2);
    [Update] double Update(double parameter, double mean, double meanSquare)
        => parameter - LearningRate * mean / (Math.Sqrt(meanSquare) + Epsilon);
}

[Optimizer]
public sealed partial record AdamScale(double LearningRate = 1e-3, double Beta2 = 0.999, double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published,
        SavedAs = "exp_avg_sq")] static double MeanSquare(double gradient) => gradient * gradient;
    [Update] double Update(double parameter, double gradient, double meanSquare)
        => parameter - LearningRate * gradient / (Math.Sqrt(meanSquare) + Epsilon);
}

[Optimizer]
public sealed partial record Lion(double LearningRate = 1e-4, double Beta1 = 0.9, double Beta2 = 0.99)
{
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.None, SavedAs = "exp_avg")] static double Mean(double gradient)
        => gradient;
    [Update] double Update(double parameter, double gradient, double previousMean)
        => parameter - LearningRate * RuleMath.Sign(Beta1 * previousMean + (1 - Beta1) * gradient);
}

[Optimizer]
public sealed partial record Momentum(double LearningRate = 1e-2, double Decay = 0.9)
{
    [State(SavedAs = "momentum_buffer")] double Velocity(double gradient, double previousVelocity) => Decay * previousVelocity + gradient;
    [Update] double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
}

[Optimizer]
public sealed partial record RmsProp(double LearningRate = 1e-2, double Decay = 0.99, double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None,
        SavedAs = "square_avg")] static double MeanSquare(double gradient) => gradient * gradient;
    [Rate] double Rate(double meanSquare) => LearningRate / (Math.Sqrt(meanSquare) + Epsilon);
    [Update] static double Update(double parameter, double gradient, double rate) => parameter - rate * gradient;
}

[Optimizer]
public sealed partial record Sgd(double LearningRate = 1e-2)
{
    [Update] double Update(double parameter, double gradient) => parameter - LearningRate * gradient;
}

[Optimizer]
public sealed partial record SignMomentum(double LearningRate = 1e-3, double Beta = 0.965)
{
    [RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.None)] static double Mean(double gradient) => gradient;
    [Update] double Update(double parameter, double mean) => parameter - LearningRate * RuleMath.Sign(mean);
}

[Optimizer]
public sealed partial record RAdam(double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)] static double Mean(double gradient) => gradient;
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)] static double MeanSquare(double gradient)
        => gradient * gradient;
    double Limit => 2 / (1 - Beta2) - 1;
    [Derived] double Length(int step) { double b = RuleMath.Pow(Beta2, step); return Limit - 2 * step * b / (1 - b); }
    [Derived] double Rectifier(double length)
        => Math.Sqrt(Math.Max((length - 4) * (length - 2) * Limit / ((Limit - 4) * (Limit - 2) * length), 0));
    [Update]
    double Update(double parameter, double mean, double meanSquare, double length, double rectifier, double previousMean)
        => length > 5 ? parameter - LearningRate * rectifier * mean / (Math.Sqrt(meanSquare) + Epsilon) : parameter - 0 * previousMean;
}

[Optimizer]
public sealed partial record QuasiHyperbolicAdam(
    double LearningRate = 1e-3, double Beta1 = 0.95, double Beta2 = 0.998, [Domain("[0, 1]")] double Nu1 = 0.7,
        [Domain("[0, 1]")] double Nu2 = 1, double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)] static double Mean(double gradient) => gradient;
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)] static double MeanSquare(double gradient)
        => gradient * gradient;
    [Update]
    double Update(double parameter, double gradient, double mean, double meanSquare)
        => parameter
        - LearningRate * ((1 - Nu1) * gradient + Nu1 * mean) / (Math.Sqrt((1 - Nu2) * gradient * gradient + Nu2 * meanSquare) + Epsilon);
}

[Optimizer]
public sealed partial record Yogi(double LearningRate = 1e-2, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-3)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)] static double Mean(double gradient) => gradient;
    [State(Initial = 1e-6)]
    double MeanSquare(double gradient, double previousMeanSquare)
        => Math.Max(previousMeanSquare - (1 - Beta2) * RuleMath.Sign(previousMeanSquare - gradient * gradient) * (gradient * gradient), 0);
    [Update] double Update(double parameter, double mean, double meanSquare)
        => parameter - LearningRate * mean / (Math.Sqrt(meanSquare) + Epsilon);
}

[Optimizer]
public sealed partial record AdaBelief(double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-16)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)] static double Mean(double gradient) => gradient;
    [State]
    double Belief(double gradient, double mean, double previousBelief)
    {
        double surprise = gradient - mean;
        return Beta2 * previousBelief + (1 - Beta2) * surprise * surprise + Epsilon;
    }
    [Update]
    double Update(double parameter, double mean, double belief, int step)
    => parameter - LearningRate * mean / Math.Sqrt(belief / (1 - RuleMath.Pow(Beta2, step)));
}

[Optimizer]
public sealed partial record AdaBound(double LearningRate = 1e-3, double FinalRate = 0.1, double Beta1 = 0.9, double Beta2 = 0.999,
    double Gamma = 1e-3, double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)] static double Mean(double gradient) => gradient;
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)] static double MeanSquare(double gradient)
        => gradient * gradient;
    [Derived] double Lower(int step) => FinalRate * (1 - 1 / (Gamma * step + 1));
    [Derived] double Upper(int step) => FinalRate * (1 + 1 / (Gamma * step));
    [Update]
    double Update(double parameter, double mean, double meanSquare, double lower, double upper)
        => parameter - RuleMath.Clamp(LearningRate / (Math.Sqrt(meanSquare) + Epsilon), lower, upper) * mean;
}

[Optimizer]
public sealed partial record Adadelta(double LearningRate = 1, double Decay = 0.9, double Epsilon = 1e-6)
{
    [State] double MeanSquare(double gradient, double previousMeanSquare)
        => Decay * previousMeanSquare + (1 - Decay) * (gradient * gradient);
    [Derived]
    double Direction(double gradient, double meanSquare, double previousMeanChange)
    => gradient * Math.Sqrt(previousMeanChange + Epsilon) / Math.Sqrt(meanSquare + Epsilon);
    [State] double MeanChange(double direction, double previousMeanChange)
        => Decay * previousMeanChange + (1 - Decay) * (direction * direction);
    [Update] double Update(double parameter, double direction) => parameter - LearningRate * direction;
}

[Optimizer]
public sealed partial record Padam(double LearningRate = 1e-1, double Beta1 = 0.9, double Beta2 = 0.999, double Partial = 0.125,
    double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)] static double Mean(double gradient) => gradient;
    [State] double MeanSquare(double gradient, double previousMeanSquare)
        => previousMeanSquare + (1 - Beta2) * (gradient * gradient - previousMeanSquare);
    [Update] double Update(double parameter, double mean, double meanSquare)
        => parameter - LearningRate * mean / RuleMath.Pow(meanSquare + Epsilon, Partial);
}
