using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace OptDsl.Models;

/// <summary>The density of a model's parameters. The position of each chain in turn is copied into one buffer.</summary>
internal sealed class LossTarget<T> : ITarget<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ILossModel<T> loss;
    private readonly ModelPlace<T> place;
    private readonly double inverseTemperature;

    internal LossTarget(ILossModel<T> loss, ParameterBuffer<T> parameters, double inverseTemperature)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (!double.IsFinite(inverseTemperature) || inverseTemperature <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(inverseTemperature), inverseTemperature,
                "The inverse temperature must be finite and above 0.");
        }

        (this.loss, this.inverseTemperature) = (loss, ElementRange.Require<T>(inverseTemperature));
        place = new ModelPlace<T>(parameters);
    }

    public int Dimensions => place.Buffer.Count;

    public IReadOnlyList<SampledVariable> Variables => place.Variables;

    // A model stores intermediate results.
    public bool IsThreadSafe => false;

    public void Evaluate(in ChainBatch<T> batch)
    {
        for (int chain = 0; chain < batch.Count; chain++)
        {
            place.MoveTo(batch.GetPosition(chain));
            batch.Potentials[chain] = inverseTemperature * loss.ComputeGradient(place.Buffer);
            TensorPrimitives.Multiply(place.Buffer.Gradients, T.CreateTruncating(inverseTemperature), batch.GetGradient(chain));
        }
    }
}

/// <summary>A model's loss over a batch, drawn separately for each chain and step.</summary>
internal sealed class BatchTarget<T> : ITarget<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const uint BatchStream = 0x62617463;

    private readonly IBatchLoss<T> loss;
    private readonly ModelPlace<T> place;
    private readonly ITarget<T>? prior;
    private readonly double[] draws;
    private readonly int[] examples;
    private readonly T[] priorGradient;

    internal BatchTarget(IBatchLoss<T> loss, ParameterBuffer<T> parameters, int batchSize, ITarget<T>? prior)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        place = new ModelPlace<T>(parameters);
        if (prior is not null && prior.Dimensions != parameters.Count)
        {
            throw new ArgumentException(
                $"The prior has {prior.Dimensions} components, but the model has {parameters.Count} parameters; the numbers must be equal.",
                    nameof(prior));
        }

        (this.loss, this.prior) = (loss, prior);
        (draws, examples, priorGradient) = (new double[batchSize], new int[batchSize], new T[prior?.Dimensions ?? 0]);
    }

    public int Dimensions => place.Buffer.Count;

    public IReadOnlyList<SampledVariable> Variables => place.Variables;

    public bool IsThreadSafe => false;

    public bool IsStochastic => true;

    public void Evaluate(in ChainBatch<T> batch)
    {
        double count = loss.ExampleCount;
        prior?.Evaluate(in batch);
        for (int chain = 0; chain < batch.Count; chain++)
        {
            var key = new NoiseKey(batch.Seed, (ulong)batch.Step, BatchStream);
            Noise.Fill(NoiseKind.Uniform, in key, (ulong)(batch.FirstChain + chain) * (ulong)draws.Length, draws.AsSpan());
            for (int i = 0; i < draws.Length; i++)
            {
                examples[i] = (int)(draws[i] * count);
            }

            place.MoveTo(batch.GetPosition(chain));
            loss.UseBatch(examples);
            double potential = count * loss.ComputeGradient(place.Buffer);
            Span<T> gradient = batch.GetGradient(chain);
            if (prior is null)
            {
                TensorPrimitives.Multiply(place.Buffer.Gradients, T.CreateTruncating(count), gradient);
            }
            else
            {
                potential += batch.Potentials[chain];
                gradient.CopyTo(priorGradient);
                TensorPrimitives.MultiplyAdd(place.Buffer.Gradients, T.CreateTruncating(count), priorGradient, gradient);
            }

            batch.Potentials[chain] = potential;
        }
    }
}

/// <summary>A buffer laid out like a model's, into which a chain's position is copied before the model is evaluated.</summary>
internal sealed class ModelPlace<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal ModelPlace(ParameterBuffer<T> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Count == 0)
        {
            throw new ArgumentException("The buffer has no parameters; add the model's tensors first.", nameof(parameters));
        }

        foreach (ParameterTensor<T> tensor in parameters.Tensors)
        {
            Buffer.Add(tensor.Name, tensor.Shape, tensor.Group);
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        Variables = [.. parameters.Tensors.Select(tensor =>
            new SampledVariable(Name(tensor.Name, names), [.. tensor.Shape.ToArray().Select(side => (int)side)]))];
    }

    internal ParameterBuffer<T> Buffer { get; } = new();

    internal IReadOnlyList<SampledVariable> Variables { get; }

    /// <summary>Turns a tensor's name into a valid name of a variable. Names that become equal are numbered.</summary>
    private static string Name(string tensor, HashSet<string> taken)
    {
        string name = string.Concat(tensor.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' ? letter : '_')),
            free = name = char.IsAsciiDigit(name[0]) || name[0] == '.' ? "_" + name : name;
        for (int i = 2; !taken.Add(free); i++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");
        }

        return free;
    }

    internal void MoveTo(ReadOnlySpan<T> position) => position.CopyTo(Buffer.Values);
}
