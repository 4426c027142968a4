namespace OptDsl.Experiments;

/// <summary>
/// What a trained model makes of every cell. Rows are computed when they are asked for, so that nothing holds all of them.
/// </summary>
internal interface ICompletedMatrix : IDisposable
{
    /// <summary>Computes whole rows, in the data's units.</summary>
    /// <param name="first">The first row, from 0.</param>
    /// <param name="rows">Receives them, one after the other.</param>
    void ComputeRows(int first, Span<float> rows);

    /// <summary>Two arrays of as many numbers per row and per column of the matrix; a cell is the sum of the products of these.</summary>
    (float[] Rows, float[] Columns) ComputeFactors();
}

/// <summary>Goes through all rows of a matrix, some at a time.</summary>
internal static class RowBlocks
{
    // 4 MB of floats.
    private const int Cells = 1 << 20;

    internal static int RowsPerBlock(int columns) => Math.Max(1, Cells / columns);

    /// <summary>Calls an action per block, with the first row and the rows' count.</summary>
    internal static void ForEach(int rows, int columns, Action<int, int> action, IProgress<double> progress, CancellationToken cancellation)
    {
        int count = RowsPerBlock(columns);
        for (int first = 0; first < rows; first += count)
        {
            cancellation.ThrowIfCancellationRequested();
            action(first, Math.Min(count, rows - first));
            progress.Report(Math.Min(rows, first + count) / (double)rows);
        }
    }
}
