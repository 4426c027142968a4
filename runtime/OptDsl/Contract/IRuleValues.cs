using System.ComponentModel;

namespace OptDsl.Contract;

/// <summary>A rule whose values can be read and set as numbers. Implemented by the generator.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IRuleValues
{
    /// <summary>Reads the values, in the order of <see cref="RuleSchema.Values"/>; true is 1, false is 0.</summary>
    /// <param name="values">As many numbers.</param>
    void GetValues(Span<double> values)
    {
    }

    /// <summary>The rule with other values, as far as it lets them be set: those it does not stay as they are.</summary>
    /// <param name="values">One number per value, in the order of the schema.</param>
    object WithValues(ReadOnlySpan<double> values) => this;
}
