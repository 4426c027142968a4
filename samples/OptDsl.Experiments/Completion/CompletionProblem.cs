namespace OptDsl.Experiments;

/// <summary>What a known cell is for.</summary>
internal enum CellUse : byte
{
    /// <summary>Observed: trained on.</summary>
    Training,

    /// <summary>Observed, but set aside: decides when to stop.</summary>
    Validation,

    /// <summary>Held out: looked at only to measure.</summary>
    Hidden,
}

/// <summary>A matrix whose known cells are split at random into observed and hidden ones.</summary>
internal sealed class CompletionProblem
{
    /// <summary>The share of the observed cells that decides when to stop.</summary>
    internal const double ValidationShare = 0.05;

    // With fewer observed cells the validation error would be chance.
    private const int ValidationFrom = 400;

    /// <summary>Splits the known cells.</summary>
    /// <param name="matrix">The data.</param>
    /// <param name="holdout">Probability that a known cell is hidden.</param>
    /// <param name="seed">Of the split.</param>
    /// <exception cref="InputException">The split leaves nothing to train on or nothing to measure on.</exception>
    internal CompletionProblem(CellMatrix matrix, double holdout, ulong seed)
    {
        Matrix = matrix;
        Uses = new CellUse[matrix.Count];
        var random = new Xoshiro256(seed, stream: 1);
        for (int i = 0; i < Uses.Length; i++)
        {
            Uses[i] = random.NextDouble() < holdout ? CellUse.Hidden : CellUse.Training;
            HiddenCount += Uses[i] == CellUse.Hidden ? 1 : 0;
            ObservedCount += Uses[i] == CellUse.Hidden ? 0 : 1;
        }

        if (ObservedCount == 0 || HiddenCount == 0)
        {
            throw new InputException(
                FormattableString.Invariant(
                    $"{matrix.Source}: of {ObservedCount + HiddenCount} cells, --holdout {holdout} leaves {ObservedCount} to train on and {HiddenCount} to measure on; both need at least one. Change --holdout or --seed, or give more cells."));
        }

        SetAside(seed);
        Offsets = new double[matrix.Columns];
        Scale = matrix.Image is null ? Centre() : 1;
    }

    internal CellMatrix Matrix { get; }

    internal int Rows => Matrix.Rows;

    internal int Columns => Matrix.Columns;

    /// <summary>What each known cell is for.</summary>
    internal CellUse[] Uses { get; }

    internal int ObservedCount { get; }

    internal int HiddenCount { get; }

    internal int ValidationCount { get; private set; }

    internal int TrainingCount => ObservedCount - ValidationCount;

    /// <summary>One number per column: the models fit (value - offset) / scale. Pixels are fitted as they are.</summary>
    internal double[] Offsets { get; }

    /// <inheritdoc cref="Offsets"/>
    internal double Scale { get; }

    /// <summary>The known cells with some use, in their order.</summary>
    internal int[] Find(params ReadOnlySpan<CellUse> wanted)
    {
        int count = 0;
        foreach (CellUse use in Uses)
        {
            count += wanted.Contains(use) ? 1 : 0;
        }

        int[] found = new int[count];
        count = 0;
        for (int i = 0; i < Uses.Length; i++)
        {
            if (wanted.Contains(Uses[i]))
            {
                found[count++] = i;
            }
        }

        return found;
    }

    private void SetAside(ulong seed)
    {
        if (ObservedCount < ValidationFrom)
        {
            return;
        }

        var random = new Xoshiro256(seed, stream: 2);
        for (int i = 0; i < Uses.Length; i++)
        {
            if (Uses[i] == CellUse.Training && random.NextDouble() < ValidationShare)
            {
                Uses[i] = CellUse.Validation;
                ValidationCount++;
            }
        }
    }

    /// <summary>
    /// Offsets every column by the mean of its training cells, drawn to the mean of all as if by three more cells, and
    /// returns the deviation that is left.
    /// </summary>
    private double Centre()
    {
        const double Prior = 3;
        double[] sums = new double[Columns];
        int[] counts = new int[Columns];
        ForTraining((i, column) =>
        {
            sums[column] += Matrix.Values[i];
            counts[column]++;
        });
        double mean = sums.Sum() / TrainingCount, squares = 0;
        for (int column = 0; column < Columns; column++)
        {
            Offsets[column] = (sums[column] + (Prior * mean)) / (counts[column] + Prior);
        }

        ForTraining((i, column) =>
        {
            double difference = Matrix.Values[i] - Offsets[column];
            squares += difference * difference;
        });
        double deviation = Math.Sqrt(squares / TrainingCount);
        return deviation > 0 ? deviation : 1;
    }

    private void ForTraining(Action<int, int> action)
    {
        for (int i = 0; i < Uses.Length; i++)
        {
            if (Uses[i] == CellUse.Training)
            {
                action(i, Matrix.ColumnOf(i));
            }
        }
    }
}
