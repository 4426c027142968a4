using System.ComponentModel;

namespace OptDsl.Contract;

/// <summary>A rule whose values can be read and set as numbers. The generator implements it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IRuleValues
{
    /// <summary>Reads the values, in the order of <see cref="RuleSchema.Values"/>. For a bool, true is 1 and false is 0.</summary>
    /// <param name="values">Receives one number per value.</param>
    void GetValues(Span<double> values)
    {
    }

    /// <summary>Returns the rule with other values. Values that the rule does not allow to be set stay as they are.</summary>
    /// <param name="values">One number per value, in the order of the schema.</param>
    object WithValues(ReadOnlySpan<double> values) => this;
}
