using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>
/// A factorization fitted to the training cells of a problem. It computes the whole product if a good share of the cells is known, and
/// single cells if not, so that its memory follows the known cells.
/// </summary>
internal sealed class CompletionModel
{
    // From this share of cells on, whole products are no slower than single cells and take no more memory.
    private const double DenseFrom = 0.3;

    private readonly CompletionProblem problem;
    private readonly CellMatrix matrix;
    private readonly DeepFactorization<float> factorization;
    private readonly SparseCompletionLoss<float>? sparse;

    // At the known cells, and of the dense loss at every cell.
    private readonly float[] measured, product = [];
    private readonly int[] measuredRows = [], measuredColumns = [];

    internal CompletionModel(CompletionProblem problem, ModelSettings settings)
    {
        (this.problem, matrix) = (problem, problem.Matrix);
        factorization = DeepFactorization<float>.Uniform(problem.Rows, problem.Columns, settings.Depth, settings.Width);
        double penalty = settings.Penalty / problem.TrainingCount;
        measured = new float[matrix.Count];
        if (matrix.IsSmall && problem.TrainingCount >= DenseFrom * problem.Rows * problem.Columns)
        {
            product = new float[problem.Rows * problem.Columns];
            bool[] observed = new bool[product.Length];
            for (int i = 0; i < matrix.Count; i++)
            {
                product[PlaceOf(i)] = ToModel(i);
                observed[PlaceOf(i)] = problem.Uses[i] == CellUse.Training;
            }

            Loss = new DenseCompletionLoss<float>(factorization, product, observed, penalty);
            return;
        }

        int[] all = matrix.IsComplete ? [.. Enumerable.Range(0, matrix.Count)] : [];
        (measuredRows, measuredColumns) = matrix.Places is { } places ? (places.Rows, places.Columns)
            : (Array.ConvertAll(all, matrix.RowOf), Array.ConvertAll(all, matrix.ColumnOf));
        int[] training = problem.Find(CellUse.Training);
        Loss = sparse = new SparseCompletionLoss<float>(factorization, Array.ConvertAll(training, matrix.RowOf),
            Array.ConvertAll(training, matrix.ColumnOf), Array.ConvertAll(training, ToModel), penalty);
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
            factorization.ComputeProduct(parameters, product);
            for (int i = 0; i < measured.Length; i++)
            {
                measured[i] = product[PlaceOf(i)];
            }
        }
        else
        {
            sparse.Predict(parameters, measuredRows, measuredColumns, measured);
        }

        for (int i = 0; i < measured.Length; i++)
        {
            measured[i] = ToData(measured[i], matrix.ColumnOf(i));
        }

        return Errors.Of(problem, measured);
    }

    /// <summary>Every cell in the data's units, row by row when they are asked for.</summary>
    /// <param name="parameters">Belong to the result from then on.</param>
    internal ICompletedMatrix Complete(ParameterBuffer<float> parameters) => new Completed(this, parameters);

    /// <summary>The singular values of the product in the data's units, without the offsets; those not among them are zero.</summary>
    internal double[] ComputeSingularValues(ParameterBuffer<float> parameters, IProgress<double> progress, CancellationToken cancellation)
        => Array.ConvertAll(factorization.ComputeSingularValues(parameters, progress, cancellation), value => value * problem.Scale);

    private int PlaceOf(int cell) => matrix.IsComplete ? cell : (matrix.RowOf(cell) * problem.Columns) + matrix.ColumnOf(cell);

    private float ToModel(int cell) => (float)((matrix.Values[cell] - problem.Offsets[matrix.ColumnOf(cell)]) / problem.Scale);

    private float ToData(float value, int column) => (float)((value * problem.Scale) + problem.Offsets[column]);

    // The loss and its memory are not kept, only the factors' shapes.
    private sealed class Completed(CompletionModel model, ParameterBuffer<float> parameters) : ICompletedMatrix
    {
        private readonly CompletionProblem problem = model.problem;

        private readonly DeepFactorization<float> factorization = new(model.factorization.Sides);

        public void ComputeRows(int first, Span<float> rows)
        {
            factorization.ComputeRows(parameters, first, rows);
            for (int start = 0; start < rows.Length; start += problem.Columns)
            {
                for (int column = 0; column < problem.Columns; column++)
                {
                    ref float value = ref rows[start + column];
                    value = (float)((value * problem.Scale) + problem.Offsets[column]);
                }
            }
        }

        public (float[] Rows, float[] Columns) ComputeFactors()
        {
            // All factors below the last are a factorization of their own, whose rows are the width.
            int width = factorization.Sides[^2];
            float[] below = new float[width * problem.Columns];
            new DeepFactorization<float>(factorization.Sides[..^1]).ComputeProduct(parameters, below);
            ReadOnlySpan<float> last = parameters.Tensors[^1].ReadOnlyValues;
            float[] rows = new float[problem.Rows * (width + 1)], columns = new float[problem.Columns * (width + 1)];
            for (int row = 0; row < problem.Rows; row++)
            {
                for (int i = 0; i < width; i++)
                {
                    rows[(row * (width + 1)) + i] = (float)(last[(row * width) + i] * problem.Scale);
                }

                rows[(row * (width + 1)) + width] = 1;
            }

            for (int column = 0; column < problem.Columns; column++)
            {
                for (int i = 0; i < width; i++)
                {
                    columns[(column * (width + 1)) + i] = below[(i * problem.Columns) + column];
                }

                columns[(column * (width + 1)) + width] = (float)problem.Offsets[column];
            }

            return (rows, columns);
        }

        public void Dispose() => parameters.Dispose();
    }
}
