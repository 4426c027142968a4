// Rules of the literature that reduce over rows, columns, tensors or all parameters, that draw noise, or that take a gradient elsewhere.
namespace Literature;

[Optimizer]
public sealed partial record GroupRmsProp(double LearningRate = 1e-3, double Beta = .99, double Epsilon = 1e-6)
{
    [Reduce(Reduction.Sum, Scope = Scope.Group)] static double SquareSum(double gradient) => gradient * gradient;
    [RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.Published)] static double MeanSquare(double squareSum) => squareSum;
    [Rate] double Rate(double meanSquare) => LearningRate / (Math.Sqrt(meanSquare) + Epsilon);
    [Update] static double Update(double parameter, double gradient, double rate) => parameter - rate * gradient;
}

[Optimizer]
public sealed partial record Prodigy(double LearningRate = 1, double Beta1 = .9, double Beta2 = .999, double Epsilon = 1e-8,
    double First = 1e-6, double Coefficient = 1, double WeightDecay = 0)
{
    [Derived] static double Start(double parameter) => parameter;
    [State(Initial = nameof(Start))] static double Origin(double previousOrigin) => previousOrigin;
    double Beta3 => Math.Sqrt(Beta2);
    [Derived]
    double Scaled(double previousDistance, int step)
    => previousDistance * LearningRate * Math.Sqrt(1 - RuleMath.Pow(Beta2, step)) / (1 - RuleMath.Pow(Beta1, step));
    [Reduce(Reduction.Sum, Scope = Scope.Global)] static double Inner(double gradient, double origin, double parameter)
        => gradient * (origin - parameter);
    [State] double Numerator(double inner, double previousDistance, double scaled, double previousNumerator)
        => Beta3 * previousNumerator + previousDistance / First * scaled * inner;
    [State] double Mean(double gradient, double previousDistance, double previousMean)
        => Beta1 * previousMean + (1 - Beta1) * previousDistance * gradient;
    [State]
    double MeanSquare(double gradient, double previousDistance, double previousMeanSquare)
        => Beta2 * previousMeanSquare + (1 - Beta2) * previousDistance * previousDistance * gradient * gradient;
    [State] double Sum(double gradient, double previousDistance, double scaled, double previousSum)
        => Beta3 * previousSum + previousDistance / First * scaled * gradient;
    [Reduce(Reduction.Sum, Scope = Scope.Global)] static double AbsoluteSum(double sum) => Math.Abs(sum);
    [State(Initial = nameof(First))]
    double Distance(double numerator, double absoluteSum, double previousDistance)
        => absoluteSum == 0 ? previousDistance : Math.Max(previousDistance, Coefficient * numerator / absoluteSum);
    [Update]
    double Update(double parameter, double mean, double meanSquare, double scaled, double distance)
        => parameter * (1 - WeightDecay * scaled) - scaled * mean / (Math.Sqrt(meanSquare) + distance * Epsilon);
}

[Optimizer]
public sealed partial record DistanceOverGradients(double Fraction = 1e-6, double Epsilon = 1e-8)
{
    [Derived] static double Start(double parameter) => parameter;
    [State(Initial = nameof(Start))] static double Origin(double previousOrigin) => previousOrigin;
    [Reduce(Reduction.Sum, Scope = Scope.Global)] static double StartSquares(double parameter) => parameter * parameter;
    [Derived] double StartRadius(double startSquares) => Fraction * Math.Sqrt(startSquares);
    [Reduce(Reduction.Sum, Scope = Scope.Global)] static double MovedSquares(double parameter,
        double origin) { double d = parameter - origin; return d * d; }
    [State(Initial = nameof(StartRadius))] static double Radius(double movedSquares, double previousRadius)
        => Math.Max(previousRadius, Math.Sqrt(movedSquares));
    [Reduce(Reduction.Sum, Scope = Scope.Global)] static double GradientSquares(double gradient) => gradient * gradient;
    [State] static double Energy(double gradientSquares, double previousEnergy) => previousEnergy + gradientSquares;
    [Rate] double Rate(double radius, double energy) => radius / Math.Sqrt(energy + Epsilon);
    [Update] static double Update(double parameter, double gradient, double rate) => parameter - rate * gradient;
}

[Optimizer]
public sealed partial record Lamb(double LearningRate = 1e-3, double Beta1 = .9, double Beta2 = .999, double Epsilon = 1e-6,
    double WeightDecay = 0)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)] static double Mean(double gradient) => gradient;
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)] static double MeanSquare(double gradient)
        => gradient * gradient;
    [Derived] double Direction(double parameter, double mean, double meanSquare)
        => mean / (Math.Sqrt(meanSquare) + Epsilon) + WeightDecay * parameter;
    [Reduce(Reduction.Sum, Scope = Scope.Tensor)] static double ParameterSquares(double parameter) => parameter * parameter;
    [Reduce(Reduction.Sum, Scope = Scope.Tensor)] static double DirectionSquares(double direction) => direction * direction;
    [Derived]
    static double Trust(double parameterSquares, double directionSquares)
        => parameterSquares > 0 && directionSquares > 0 ? Math.Sqrt(parameterSquares) / Math.Sqrt(directionSquares) : 1;
    [Update] double Update(double parameter, double direction, double trust) => parameter - LearningRate * trust * direction;
}

[Optimizer]
public sealed partial record Lars(double LearningRate = 1e-1, double Momentum = 0.9, double Trust = 1e-3, double WeightDecay = 1e-4)
{
    [Reduce(Reduction.Sum, Scope = Scope.Tensor)] static double ParameterSquares(double parameter) => parameter * parameter;
    [Reduce(Reduction.Sum, Scope = Scope.Tensor)] static double GradientSquares(double gradient) => gradient * gradient;
    [Rate]
    double Rate(double parameterSquares, double gradientSquares)
    {
        double size = Math.Sqrt(parameterSquares), slope = Math.Sqrt(gradientSquares);
        if (size == 0 || slope == 0) return LearningRate;
        return LearningRate * Trust * size / (slope + WeightDecay * size);
    }
    [State]
    double Velocity(double parameter, double gradient, double rate, double previousVelocity)
    => Momentum * previousVelocity + rate * (gradient + WeightDecay * parameter);
    [Update] static double Update(double parameter, double velocity) => parameter - velocity;
}

[Optimizer]
public sealed partial record NovoGrad(double LearningRate = 1e-3, double Beta1 = .95, double Beta2 = .98, double Epsilon = 1e-8,
    double WeightDecay = 0)
{
    [Reduce(Reduction.Sum, Scope = Scope.Tensor)] static double Squares(double gradient) => gradient * gradient;
    [State] double Energy(double squares, double previousEnergy, int step) => step == 1 ? squares
        : Beta2 * previousEnergy + (1 - Beta2) * squares;
    [State]
    double Mean(double gradient, double parameter, double energy, double previousMean)
        => Beta1 * previousMean + (gradient / (Math.Sqrt(energy) + Epsilon) + WeightDecay * parameter);
    [Update]
    double Update(double parameter, double mean, int step)
    => parameter - LearningRate * Math.Sqrt(1 - RuleMath.Pow(Beta2, step)) / (1 - RuleMath.Pow(Beta1, step)) * mean;
}

[Optimizer]
public sealed partial record StableAdamW(double LearningRate = 1e-3, double Beta1 = .9, double Beta2 = .99, double Epsilon = 1e-8,
    double WeightDecay = 0)
{
    static double Rebased(double b, int k) => 1 - (1 - b) / (1 - RuleMath.Pow(b, k));
    [Derived] double Decay1(int step) => Rebased(Beta1, step);
    [Derived] double Decay2(int step) => Rebased(Beta2, step);
    [RunningAverage(Decay = nameof(Decay1))] static double Mean(double gradient) => gradient;
    [RunningAverage(Decay = nameof(Decay2))] static double MeanSquare(double gradient) => gradient * gradient;
    [Reduce(Reduction.Mean, Scope = Scope.Tensor)] double Ratio(double gradient, double meanSquare)
        => gradient * gradient / Math.Max(meanSquare, Epsilon * Epsilon);
    [Derived] double Eta(double ratio) => LearningRate / Math.Max(1, Math.Sqrt(ratio));
    [Update]
    double Update(double parameter, double mean, double meanSquare, double eta)
    => parameter * (1 - eta * WeightDecay) - eta * mean / (Math.Sqrt(meanSquare) + Epsilon);
}

[Optimizer]
public sealed partial record Adafactor(double Epsilon1 = 1e-30, double Epsilon2 = 1e-3, double Threshold = 1, double Largest = 1e-2)
{
    [Derived] static double Decay(int step) => 1 - RuleMath.Pow(step, -0.8);
    [Reduce(Reduction.Mean, Scope = Scope.Row)] double RowMean(double gradient) => gradient * gradient + Epsilon1;
    [Reduce(Reduction.Mean, Scope = Scope.Column)] double ColumnMean(double gradient) => gradient * gradient + Epsilon1;
    [RunningAverage(Decay = nameof(Decay))] static double RowAverage(double rowMean) => rowMean;
    [RunningAverage(Decay = nameof(Decay))] static double ColumnAverage(double columnMean) => columnMean;
    [Reduce(Reduction.Mean, Scope = Scope.Tensor)] static double MeanRows(double rowAverage) => rowAverage;
    [Derived]
    static double Direction(double gradient, double rowAverage, double columnAverage, double meanRows)
        => gradient * (1 / Math.Sqrt(rowAverage / meanRows)) * (1 / Math.Sqrt(columnAverage));
    [Reduce(Reduction.Mean, Scope = Scope.Tensor)] static double DirectionSquare(double direction) => direction * direction;
    [Reduce(Reduction.Mean, Scope = Scope.Tensor)] static double ParameterSquare(double parameter) => parameter * parameter;
    [Derived]
    double Rate(double parameterSquare, double directionSquare, int step)
        => Math.Max(Epsilon2, Math.Sqrt(parameterSquare)) * Math.Min(Largest, 1 / Math.Sqrt(step))
        / Math.Max(1, Math.Sqrt(directionSquare) / Threshold);
    [Update] static double Update(double parameter, double direction, double rate) => parameter - rate * direction;
}

[Optimizer]
public sealed partial record Sm3(double LearningRate = .1, double Epsilon = 1e-30)
{
    [Derived] static double Cover(double previousRowMax, double previousColumnMax, double gradient)
        => Math.Min(previousRowMax, previousColumnMax) + gradient * gradient;
    [Reduce(Reduction.Max, Scope = Scope.Row)] static double RowMax(double cover) => cover;
    [Reduce(Reduction.Max, Scope = Scope.Column)] static double ColumnMax(double cover) => cover;
    [Update] double Update(double parameter, double gradient, double cover)
        => parameter - LearningRate * gradient / Math.Sqrt(cover + Epsilon);
}

[Optimizer]
public sealed partial record CautiousLion(double LearningRate = 1e-4, double Beta1 = .9, double Beta2 = .99, double WeightDecay = 0)
{
    [State] double Mean(double gradient, double previousMean) => Beta2 * previousMean + (1 - Beta2) * gradient;
    [Derived] double Direction(double gradient, double previousMean) => RuleMath.Sign(Beta1 * previousMean + (1 - Beta1) * gradient);
    [Derived] static double Mask(double direction, double gradient) => direction * gradient > 0 ? 1 : 0;
    [Reduce(Reduction.Sum, Scope = Scope.Tensor)] static double Kept(double mask) => mask;
    [Update]
    double Update(double parameter, double direction, double mask, double kept, int count)
        => parameter * (1 - LearningRate * WeightDecay) - LearningRate * (count / (kept + 1)) * (direction * mask);
}

[Optimizer]
public sealed partial record CautiousAdam(double LearningRate = 1e-3, double Beta1 = .9, double Beta2 = .999, double Epsilon = 1e-8,
    double Floor = 1e-3)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)] static double Mean(double gradient) => gradient;
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)] static double MeanSquare(double gradient)
        => gradient * gradient;
    [Derived] double Change(double mean, double meanSquare) => mean / (Math.Sqrt(meanSquare) + Epsilon);
    [Derived] static double Mask(double change, double gradient) => change * gradient > 0 ? 1 : 0;
    [Reduce(Reduction.Mean, Scope = Scope.Tensor)] static double Share(double mask) => mask;
    [Update] double Update(double parameter, double change, double mask, double share)
        => parameter - LearningRate * (change * mask / Math.Max(share, Floor));
}

[Optimizer]
public sealed partial record PreconditionedLangevin(double Size = 1e-3, double Beta = .99, double Lambda = 1e-5)
{
    [RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.None)] static double MeanSquare(double gradient)
        => gradient * gradient;
    [Rate] double Rate(double meanSquare) => Size / (Lambda + Math.Sqrt(meanSquare));
    [Update]
    static double Update(double parameter, double gradient, double rate, [Gaussian] double noise)
    => parameter - 0.5 * rate * gradient + Math.Sqrt(rate) * noise;
}

[Optimizer]
public sealed partial record HamiltonianLangevin(double LearningRate = 1e-4, double Friction = .05)
{
    [State]
    double Velocity(double gradient, double previousVelocity, [Gaussian] double noise)
        => (1 - Friction) * previousVelocity - LearningRate * gradient + Math.Sqrt(2 * LearningRate * Friction) * noise;
    [Update] static double Update(double parameter, double velocity) => parameter + velocity;
}

[Optimizer]
public sealed partial record SharpnessAware(double LearningRate = .1, double Momentum = .9, double Rho = .05, double Tiny = 1e-12)
{
    [Reduce(Reduction.Sum, Scope = Scope.Global)] static double Squares(double gradient) => gradient * gradient;
    [Derived] double Ascent(double parameter, double gradient, double squares) => parameter + Rho / (Math.Sqrt(squares) + Tiny) * gradient;
    [State] double Velocity([GradientAt(nameof(Ascent))] double sharp, double previousVelocity) => Momentum * previousVelocity + sharp;
    [Update] double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
}

[Optimizer]
public sealed partial record ArmijoAdam(double LearningRate = .1, double Beta1 = .9, double Beta2 = .999, double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)] static double Mean(double gradient) => gradient;
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)] static double MeanSquare(double gradient)
        => gradient * gradient;
    [SearchDirection] double Direction(double gradient, double meanSquare) => gradient / (Math.Sqrt(meanSquare) + Epsilon);
    [Update] double Update(double parameter, double mean, double meanSquare)
        => parameter - LearningRate * mean / (Math.Sqrt(meanSquare) + Epsilon);
}

[Optimizer]
public sealed partial record ClippedSgd(double LearningRate = 1e-2, double Largest = 1)
{
    [Reduce(Reduction.Sum, Scope = Scope.Global)] static double Squares(double gradient) => gradient * gradient;
    [Derived] double Scale(double squares) => squares > Largest * Largest ? Largest / Math.Sqrt(squares) : 1;
    [Update] double Update(double parameter, double gradient, double scale) => parameter - LearningRate * (scale * gradient);
}

[Optimizer]
public sealed partial record Lookahead(double LearningRate = 1e-2, int Period = 5, double Alpha = .5)
{
    [Derived] static double Start(double parameter) => parameter;
    [Derived] double Moved(double parameter, double gradient) => parameter - LearningRate * gradient;
    [State(Initial = nameof(Start))] double Slow(double moved, int step, double previousSlow)
        => step % Period == 0 ? previousSlow + Alpha * (moved - previousSlow) : previousSlow;
    [Update] double Update(double moved, double slow, int step) => step % Period == 0 ? slow : moved;
}

[Optimizer]
public sealed partial record AdaSmooth(double LearningRate = 1e-3, double FastDecay = 0.5, double SlowDecay = 0.99, double Epsilon = 1e-6)
{
    [State] double Moved(double gradient, double previousMoved) => previousMoved + gradient;
    [State] double Path(double gradient, double previousPath) => previousPath + Math.Abs(gradient);
    [Derived]
    double Smoothing(double moved, double path)
    {
        double efficiency = path > 0 ? Math.Min(Math.Abs(moved) / path, 1) : 0;
        double share = efficiency * (1 - FastDecay) + (1 - efficiency) * (1 - SlowDecay);
        return share * share;
    }
    [State]
    double MeanSquare(double gradient, double smoothing, double previousMeanSquare)
    => previousMeanSquare + smoothing * (gradient * gradient - previousMeanSquare);
    [Update] double Update(double parameter, double gradient, double meanSquare)
        => parameter - LearningRate * gradient / Math.Sqrt(meanSquare + Epsilon);
}
