using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>
/// A factorization fitted to the training cells of a problem: computing the whole product where a good share of the cells
/// is known, and single cells where few are.
/// </summary>
internal sealed class CompletionModel
{
    // From this share of cells on the dense products win over single cells.
    private const double DenseFrom = 0.1;

    private readonly CompletionProblem problem;
    private readonly DeepFactorization<float> factorization;
    private readonly SparseCompletionLoss<float>? sparse;
    private readonly int[] measuredRows = [], measuredColumns = [], measuredAt = [];
    private readonly float[] measured;

    internal CompletionModel(CompletionProblem problem, ModelSettings settings)
    {
        this.problem = problem;
        factorization = DeepFactorization<float>.Uniform(problem.Rows, problem.Columns, settings.Depth, settings.Width);
        double penalty = settings.Penalty / problem.TrainingCount;
        if (problem.TrainingCount >= DenseFrom * problem.Uses.Length)
        {
            float[] scaled = Array.ConvertAll(problem.Matrix.Values, ToModel);
            Loss = new DenseCompletionLoss<float>(factorization, scaled, Array.ConvertAll(problem.Uses, use => use == CellUse.Training), penalty);
            measured = new float[problem.Uses.Length];
            return;
        }

        int[] training = Where(use => use == CellUse.Training);
        Loss = sparse = new SparseCompletionLoss<float>(factorization, RowsOf(training), ColumnsOf(training), Array.ConvertAll(training, i => ToModel(problem.Matrix.Values[i])), penalty);
        measuredAt = Where(use => use != CellUse.Unknown);
        measuredRows = RowsOf(measuredAt);
        measuredColumns = ColumnsOf(measuredAt);
        measured = new float[measuredAt.Length];
    }

    internal ILossModel<float> Loss { get; }

    internal ParameterBuffer<float> CreateParameters()
    {
        var parameters = new ParameterBuffer<float>();
        factorization.AddTo(parameters);
        return parameters;
    }

    internal void Initialize(ParameterBuffer<float> parameters, ulong seed, double scale) => factorization.Initialize(parameters, seed, scale);

    /// <summary>The errors at these parameters.</summary>
    internal Errors Measure(ParameterBuffer<float> parameters)
    {
        if (sparse is null)
        {
            factorization.Product(parameters, measured);
            ToData(measured);
            return Errors.Of(problem, measured);
        }

        sparse.Predict(parameters, measuredRows, measuredColumns, measured);
        ToData(measured);
        Span<double> squares = stackalloc double[4];
        squares.Clear();
        for (int i = 0; i < measured.Length; i++)
        {
            double difference = (double)measured[i] - problem.Matrix.Values[measuredAt[i]];
            squares[(int)problem.Uses[measuredAt[i]]] += difference * difference;
        }

        return Errors.FromSquares(problem, squares);
    }

    /// <summary>Every cell, in the data's units, and the singular values of the product.</summary>
    internal (float[] Prediction, double[] SingularValues) Predict(ParameterBuffer<float> parameters)
    {
        float[] prediction = new float[problem.Uses.Length];
        factorization.Product(parameters, prediction);
        double[] singularValues = Spectrum.SingularValues(new MatrixView<float>(prediction, problem.Rows, problem.Columns));
        ToData(prediction);
        return (prediction, Array.ConvertAll(singularValues, value => value * problem.Scale));
    }

    private float ToModel(float value) => (float)((value - problem.Offset) / problem.Scale);

    private void ToData(Span<float> values)
    {
        if (problem.Offset == 0 && problem.Scale == 1)
        {
            return;
        }

        foreach (ref float value in values)
        {
            value = (float)((value * problem.Scale) + problem.Offset);
        }
    }

    private int[] Where(Predicate<CellUse> wanted)
    {
        var found = new List<int>();
        for (int i = 0; i < problem.Uses.Length; i++)
        {
            if (wanted(problem.Uses[i]))
            {
                found.Add(i);
            }
        }

        return [.. found];
    }

    private int[] RowsOf(int[] cells) => Array.ConvertAll(cells, cell => cell / problem.Columns);

    private int[] ColumnsOf(int[] cells) => Array.ConvertAll(cells, cell => cell % problem.Columns);
}
