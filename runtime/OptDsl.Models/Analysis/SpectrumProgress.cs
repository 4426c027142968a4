namespace OptDsl.Models;

/// <summary>Counts the operations of a spectrum and tells the share that is done; cancels on the way.</summary>
internal sealed class SpectrumProgress(double operations, IProgress<double>? progress, CancellationToken cancellation)
{
    // Telling more often would show nothing more.
    private const double Least = 0.001;

    private double done, told;

    internal CancellationToken Cancellation => cancellation;

    /// <summary>The operations of a QR decomposition without Q, less a third of them where it is nearly square.</summary>
    internal static double OfReflections(double rows, double columns) => 2 * rows * columns * columns;

    /// <summary>The operations of the singular values of a square matrix.</summary>
    internal static double OfBidiagonal(double side) => 8.0 / 3 * side * side * side;

    internal void Add(double operation)
    {
        done += operation;
        double share = Math.Min(1, done / operations);
        if (share >= told + Least)
        {
            told = share;
            progress?.Report(share);
        }
    }

    internal void Finish()
    {
        if (told < 1)
        {
            told = 1;
            progress?.Report(1);
        }
    }
}
