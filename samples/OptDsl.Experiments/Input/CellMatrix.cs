namespace OptDsl.Experiments;

/// <summary>A matrix of which some or all cells are known. It takes memory for the known cells only.</summary>
/// <param name="Source">Where it comes from, for messages and the report.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Values">The values of the known cells, by row and within a row by column.</param>
/// <param name="Places">Where the known cells are; null if all cells are known.</param>
internal sealed record CellMatrix(string Source, int Rows, int Columns, float[] Values, CellPlaces? Places = null)
{
    /// <summary>
    /// Known cells beyond which a matrix is refused, and cells, known or not, beyond which no file and no array holds all of them: 200 MB.
    /// </summary>
    internal const long CellLimit = 50_000_000;

    /// <summary>Where every row is an image: its height and width.</summary>
    internal (int Height, int Width)? Image { get; init; }

    /// <summary>How the input was understood, where it could be understood otherwise; else empty.</summary>
    internal string ReadAs { get; init; } = "";

    /// <summary>The SHA-256 of the input's bytes as they are stored, compressed or not.</summary>
    internal string Sha256 { get; init; } = "";

    /// <summary>What the input calls the rows; null for images.</summary>
    internal Identities? RowIdentities { get; init; }

    /// <summary>What the input calls the columns; null for images.</summary>
    internal Identities? ColumnIdentities { get; init; }

    /// <summary>Known cells.</summary>
    internal int Count => Values.Length;

    /// <summary>Whether all cells are known.</summary>
    internal bool IsComplete => Places is null;

    /// <summary>Whether arrays and files may hold every cell, known or not.</summary>
    internal bool IsSmall => (long)Rows * Columns <= CellLimit;

    /// <summary>The row of a known cell.</summary>
    /// <param name="cell">Its index in <see cref="Values"/>.</param>
    internal int RowOf(int cell) => Places is null ? cell / Columns : Places.Rows[cell];

    /// <summary>The column of a known cell.</summary>
    /// <param name="cell">Its index in <see cref="Values"/>.</param>
    internal int ColumnOf(int cell) => Places is null ? cell % Columns : Places.Columns[cell];

    /// <exception cref="InputException">A matrix of which every cell is known would be too large.</exception>
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
