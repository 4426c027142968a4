namespace OptDsl.Generator.Model;

/// <summary>
/// One node of a rule's expressions. A rule's nodes are interned in one list, operands before their users, so that equal
/// expressions are one node and the whole compares by value.
/// </summary>
/// <param name="Operation">What it computes.</param>
/// <param name="Type">The type of its value.</param>
/// <param name="Kind">How fine it is: as its finest operand, but for a reduction.</param>
/// <param name="A">The first operand's index, or -1.</param>
/// <param name="B">The second operand's index, or -1.</param>
/// <param name="C">The third operand's index, or -1.</param>
/// <param name="Bits">A constant's bits (as of its type), a buffer's index, or 1 for integer arithmetic in a checked context.</param>
/// <param name="Text">A name, for the leaves that have one.</param>
/// <param name="Owner">The qualified type that a hyperparameter is read by, where its name alone stands for another one.</param>
internal readonly record struct Expression(
    Operation Operation, ScalarType Type, Kind Kind, int A = -1, int B = -1, int C = -1, long Bits = 0, string Text = "", string Owner = "")
{
    /// <summary>Whether it differs from parameter to parameter; else it is uniform.</summary>
    internal bool PerElement => Kind == Kind.Parameter;

    /// <summary>The operands that exist, in order.</summary>
    internal IEnumerable<int> Operands
    {
        get
        {
            if (A >= 0)
            {
                yield return A;
            }

            if (B >= 0)
            {
                yield return B;
            }

            if (C >= 0)
            {
                yield return C;
            }
        }
    }
}
