using OptDsl.Linear;
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
            float[] scaled = new float[problem.Uses.Length];
            for (int i = 0; i < scaled.Length; i++)
            {
                scaled[i] = ToModel(i);
            }

            Loss = new DenseCompletionLoss<float>(factorization, scaled, Array.ConvertAll(problem.Uses, use => use == CellUse.Training),
                penalty);
            measured = new float[problem.Uses.Length];
            return;
        }

        int[] training = Where(use => use == CellUse.Training);
        Loss = sparse = new SparseCompletionLoss<float>(factorization, RowsOf(training), ColumnsOf(training),
            Array.ConvertAll(training, ToModel), penalty);
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

    internal void Initialize(ParameterBuffer<float> parameters, ulong seed, double scale)
        => factorization.Initialize(parameters, seed, scale);

    /// <summary>The errors at these parameters.</summary>
    internal Errors Measure(ParameterBuffer<float> parameters)
    {
        if (sparse is null)
        {
            factorization.ComputeProduct(parameters, measured);
            for (int i = 0; i < measured.Length; i++)
            {
                measured[i] = ToData(measured[i], i);
            }

            return Errors.Of(problem, measured);
        }

        sparse.Predict(parameters, measuredRows, measuredColumns, measured);
        Span<double> squares = stackalloc double[4];
        squares.Clear();
        for (int i = 0; i < measured.Length; i++)
        {
            double difference = (double)ToData(measured[i], measuredAt[i]) - problem.Matrix.Values[measuredAt[i]];
            squares[(int)problem.Uses[measuredAt[i]]] += difference * difference;
        }

        return Errors.FromSquares(problem, squares);
    }

    /// <summary>Every cell, in the data's units, and the singular values of the product.</summary>
    internal (float[] Prediction, double[] SingularValues) Predict(ParameterBuffer<float> parameters)
    {
        float[] prediction = new float[problem.Uses.Length];
        factorization.ComputeProduct(parameters, prediction);
        double[] singularValues = Spectrum.SingularValues(new MatrixView<float>(prediction, problem.Rows, problem.Columns));
        for (int i = 0; i < prediction.Length; i++)
        {
            prediction[i] = ToData(prediction[i], i);
        }

        return (prediction, Array.ConvertAll(singularValues, value => value * problem.Scale));
    }

    private float ToModel(int cell) => (float)((problem.Matrix.Values[cell] - problem.Offsets[cell % problem.Columns]) / problem.Scale);

    private float ToData(float value, int cell) => (float)((value * problem.Scale) + problem.Offsets[cell % problem.Columns]);

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
