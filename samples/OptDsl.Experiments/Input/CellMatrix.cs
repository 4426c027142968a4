namespace OptDsl.Experiments;

/// <summary>A matrix of which some or all cells are known.</summary>
/// <param name="Source">Where it comes from, for messages and the report.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Values">Row after row; 0 in unknown cells.</param>
/// <param name="Known">Which cells are known.</param>
internal sealed record CellMatrix(string Source, int Rows, int Columns, float[] Values, bool[] Known)
{
    /// <summary>Cells beyond which a matrix is refused: the values alone then take 200 MB, and every prediction again.</summary>
    internal const long CellLimit = 50_000_000;

    /// <summary>Where every row is an image: its height and width.</summary>
    internal (int Height, int Width)? Image { get; init; }

    /// <summary>The SHA-256 of the input's bytes as they are stored, compressed or not.</summary>
    internal string Sha256 { get; init; } = "";

    /// <summary>What the input calls the rows; null for images.</summary>
    internal Identities? RowIdentities { get; init; }

    /// <summary>What the input calls the columns; null for images.</summary>
    internal Identities? ColumnIdentities { get; init; }

    /// <exception cref="InputException">The matrix would be too large.</exception>
    internal static void CheckSize(string name, long rows, long columns, string advice)
    {
        // Sides first, so that the product cannot overflow.
        if (rows > CellLimit || columns > CellLimit || rows * columns > CellLimit)
        {
            throw new InputException(
                FormattableString.Invariant(
                    $"{name}: {rows} rows x {columns} columns are more cells than the limit of {CellLimit}; {advice}."));
        }
    }
}
