namespace OptDsl.Generator.Model;

/// <summary>How fine a value is. All but <see cref="Parameter"/> are uniform: computed once for each of what they name.</summary>
internal enum Kind
{
    Group,
    Tensor,
    Row,
    Column,
    Parameter,
}

internal static class Kinds
{
    /// <summary>The finer of the two; a row and a column meet in a parameter.</summary>
    internal static Kind Join(Kind a, Kind b)
        => a == b ? a : a is Kind.Row or Kind.Column && b is Kind.Row or Kind.Column ? Kind.Parameter : a > b ? a : b;

    /// <summary>In words, for messages: <c>differs from row to row</c>.</summary>
    internal static string Noun(this Kind kind) => kind.ToString().ToLowerInvariant();
}
