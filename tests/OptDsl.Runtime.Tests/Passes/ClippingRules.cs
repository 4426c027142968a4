namespace OptDsl.Runtime.Tests.Passes;

/// <summary>Gradient descent clipped by the norm of all gradients (Pascanu, Mikolov and Bengio 2013).</summary>
[Optimizer]
internal sealed partial record GlobalClip(double LearningRate = 0.1, double Largest = 1, double Epsilon = 1e-6)
{
    [Reduce(Reduction.Sum, Scope = Scope.Global)]
    static double Squares(double gradient) => gradient * gradient;

    [Derived]
    double Scale(double squares) => Math.Min(1, Largest / (Math.Sqrt(squares) + Epsilon));

    [Update]
    double Update(double parameter, double gradient, double scale) => parameter - LearningRate * (scale * gradient);
}

/// <summary>The same by the norm of the group's.</summary>
[Optimizer]
internal sealed partial record GroupClip(double LearningRate = 0.1, double Largest = 1)
{
    [Reduce(Reduction.Sum, Scope = Scope.Group)]
    static double Squares(double gradient) => gradient * gradient;

    [Reduce(Reduction.Mean, Scope = Scope.Group)]
    static double Centre(double gradient) => gradient;

    [Derived]
    double Scale(double squares) => Math.Min(1, Largest / (Math.Sqrt(squares) + 1e-6));

    [Update]
    double Update(double parameter, double gradient, double scale, double centre)
    => parameter - LearningRate * (scale * (gradient - centre));
}

/// <summary>The same by the norm of each tensor's, over momentum.</summary>
[Optimizer]
internal sealed partial record TensorClip(double LearningRate = 0.1, double Largest = 1)
{
    [State]
    static double Velocity(double gradient, double previousVelocity) => 0.9 * previousVelocity + gradient;

    [Reduce(Reduction.Sum)]
    static double Squares(double velocity) => velocity * velocity;

    [Derived]
    double Scale(double squares) => Math.Min(1, Largest / (Math.Sqrt(squares) + 1e-6));

    [Update]
    double Update(double parameter, double velocity, double scale) => parameter - LearningRate * (scale * velocity);
}

/// <summary>A bound that is known only once its tensor has been reduced.</summary>
[Optimizer]
internal sealed partial record TensorBound(double LearningRate = 0.1, double Least = -1)
{
    [Derived]
    static double Start(double gradient) => 2 * gradient;

    [State(Initial = nameof(Start))]
    static double Velocity(double gradient, double previousVelocity) => 0.9 * previousVelocity + gradient;

    [State]
    static double Rounds(double previousRounds) => previousRounds + 1;

    [Reduce(Reduction.Sum)]
    static double Total(double gradient) => gradient;

    [Update]
    double Update(double parameter, double velocity, double total, double rounds)
    => parameter - LearningRate * Math.Clamp(velocity, Least, total) / rounds;
}

/// <summary>One that is known only once all gradients have been.</summary>
[Optimizer]
internal sealed partial record GlobalBound(double LearningRate = 0.1, double Least = -1)
{
    [State]
    static double Velocity(double gradient, double previousVelocity) => 0.9 * previousVelocity + gradient;

    [Reduce(Reduction.Sum, Scope = Scope.Global)]
    static double Total(double gradient) => gradient;

    [Update]
    double Update(double parameter, double velocity, double total) => parameter - LearningRate * Math.Clamp(velocity, Least, total);
}

/// <summary>One a row.</summary>
[Optimizer]
internal sealed partial record RowBound(double LearningRate = 0.1, double Least = -1)
{
    [Reduce(Reduction.Sum, Scope = Scope.Row)]
    static double Total(double gradient) => gradient;

    [Update]
    double Update(double parameter, double gradient, double total) => parameter - LearningRate * Math.Clamp(gradient, Least, total);
}

/// <summary>A division that fails at the third step, needed only after a barrier, and a state that could be stored before it.</summary>
[Optimizer]
internal sealed partial record LateDivision(double LearningRate = 0.1, int Numerator = 12)
{
    [State]
    static double Velocity(double gradient, double previousVelocity) => 0.9 * previousVelocity + gradient;

    [Reduce(Reduction.Sum, Scope = Scope.Global)]
    static double Squares(double velocity) => velocity * velocity;

    [Derived]
#pragma warning disable OPT3002 // An integer division is what can fail.
    int Share(int step) => Numerator / (step - 3);
#pragma warning restore OPT3002

    [Update]
    double Update(double parameter, double velocity, double squares, int share)
    => parameter - LearningRate * velocity / (1 + squares) * share;
}

/// <summary>States of one a tensor, row and column, and the past of a reduction.</summary>
[Optimizer]
internal sealed partial record Factored(double LearningRate = 0.05)
{
    [Reduce(Reduction.Mean, Scope = Scope.Row)]
    static double RowSquare(double gradient) => gradient * gradient;

    [Reduce(Reduction.Max, Scope = Scope.Column)]
    static double ColumnLargest(double gradient) => Math.Abs(gradient);

    [State(Initial = nameof(RowSquare))]
    static double RowTrace(double rowSquare, double previousRowTrace) => 0.5 * (previousRowTrace + rowSquare);

    [State]
    static double ColumnTrace(double columnLargest, double previousColumnLargest, double previousColumnTrace)
    => 0.9 * previousColumnTrace + columnLargest + 0.1 * previousColumnLargest;

    [State(Initial = 2.0)]
    static double TensorTrace(double largest, double previousTensorTrace) => 0.5 * previousTensorTrace + largest;

    [Reduce(Reduction.Max)]
    static double Largest(double gradient) => Math.Abs(gradient);

    [State]
    static double Velocity(double gradient, double previousVelocity) => 0.9 * previousVelocity + gradient;

    [Update]
    double Update(double parameter, double velocity, double rowTrace, double columnTrace, double tensorTrace)
        => parameter - LearningRate * velocity / (1 + rowTrace + columnTrace * tensorTrace);
}

/// <summary>LARS (You, Gitman and Ginsburg 2017) without weight decay.</summary>
[Optimizer]
internal sealed partial record Lars(double LearningRate = 0.1, double Momentum = 0.9, double Trust = 1e-3)
{
    [Reduce(Reduction.Sum)]
    static double ParameterSquares(double parameter) => parameter * parameter;

    [Reduce(Reduction.Sum)]
    static double GradientSquares(double gradient) => gradient * gradient;

    [Derived]
    double Ratio(double parameterSquares, double gradientSquares)
        => parameterSquares > 0 && gradientSquares > 0 ? Trust * Math.Sqrt(parameterSquares) / Math.Sqrt(gradientSquares) : 1;

    [State]
    double Velocity(double gradient, double ratio, double previousVelocity) => Momentum * previousVelocity + ratio * gradient;

    [Update]
    double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
}
