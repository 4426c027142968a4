namespace OptDsl.Generator.Model;

/// <summary>What a node of a rule's expressions computes.</summary>
internal enum Operation
{
    // Leaves.
    Constant,          // Bits
    Hyperparameter,    // Text: what tells it apart (ValueSpec.Name), Owner: the type it is read by, or empty, Bits: 1 for an enum
    StaticValue,       // Text: the qualified name of a static readonly field, Bits: 1 for an enum
    Step,
    Loss,
    Rows,
    Columns,
    Count,
    Rank,
    Parameter,
    Gradient,
    PointGradient,     // A: the point it is taken at; only after a barrier
    Input,             // Bits: which of the caller's inputs
    Noise,             // Bits: which of the noise inputs
    Buffer,            // Bits: which buffer; its content before the step
    Carried,           // Bits: which carried value; its content before the step
    SwitchFailure,     // throws, as a switch expression without a matching arm does

    // Library factors of running averages.
    Correction,        // A: the decay
    Mass,              // A: the decay; what its correction divides by
    Weight,            // A: the window

    // Barriers, and what feeds them.
    Widen,             // A in double, whatever the buffer's element
    Reduction,         // A over a scope; Bits: a ReductionSpec

    // Arithmetic.
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Negate,
    Convert,

    // Functions.
    Sqrt,
    Abs,
    Min,
    Max,
    CopySign,
    Sign,              // RuleMath's: NaN stays NaN, zero keeps its sign
    Floor,
    Ceiling,
    Truncate,
    Round,
    FusedMultiplyAdd,       // A * B + C
    FusedMultiplySubtract,  // A * B - C, made by contraction only
    FusedNegateMultiplyAdd, // C - A * B, made by contraction only
    Clamp,                  // uniform only: throws where the bounds are out of order

    // Approximate functions, of the library's own making.
    Exp,
    Log,
    Log2,
    Sin,
    Cos,
    Tanh,
    Atan,
    Atan2,             // the angle of the point (B, A)
    Pow,               // A to the power of B
    Cbrt,
    Hypot,             // the root of A^2 + B^2

    // Conditions.
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    And,
    Or,
    AndAlso,
    OrElse,
    Not,
    Conditional,       // A ? B : C
}
