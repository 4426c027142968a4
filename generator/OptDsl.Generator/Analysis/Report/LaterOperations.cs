using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis.Report;

/// <summary>How the analyses treat an operation that they have no case of their own for.</summary>
internal enum Treatment
{
    /// <summary>Nothing is known: a unit of its own, no degree, any value.</summary>
    Unknown,

    /// <summary>The unit, degree and, but for its size, value of its operand, as a sum or a widening has.</summary>
    Transparent,

    /// <summary>A pure number of degree zero.</summary>
    Number,

    /// <summary>The loss.</summary>
    Loss,

    /// <summary>A gradient.</summary>
    Gradient,

    /// <summary>A function from pure numbers to pure numbers.</summary>
    Transcendental,

    /// <summary>A root of the third degree.</summary>
    CubeRoot,

    /// <summary>The length of two sides of one unit.</summary>
    Hypotenuse,

    /// <summary>The angle of two sides of one unit, which is the same when both are scaled.</summary>
    Angle,

    /// <summary>A power.</summary>
    Power,
}

/// <summary>
/// Operations the analyses know by name only, so that the language can grow without them: the one place to say how a new
/// operation is treated. What is not here is <see cref="Treatment.Unknown"/>, which reports nothing.
/// </summary>
internal static class LaterOperations
{
    internal static Treatment TreatmentOf(Operation operation) => operation.ToString() switch
    {
        // ADD NEW OPERATIONS HERE, and their range in OperationRanges.
        "Widen" or "Reduction" => Treatment.Transparent,
        "Rows" or "Columns" or "Count" or "Rank" or "Noise" => Treatment.Number,
        "Loss" => Treatment.Loss,
        "PointGradient" => Treatment.Gradient,
        "Exp" or "Log" or "Log2" or "Sin" or "Cos" or "Tanh" or "Atan" => Treatment.Transcendental,
        "Cbrt" => Treatment.CubeRoot,
        "Hypot" => Treatment.Hypotenuse,
        "Atan2" => Treatment.Angle,
        "Pow" => Treatment.Power,
        _ => Treatment.Unknown,
    };
}
