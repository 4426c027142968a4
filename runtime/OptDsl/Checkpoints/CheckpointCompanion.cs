using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace OptDsl.Checkpoints;

/// <summary>
/// What the owner of an optimizer keeps beside it, a sampler's draws for instance, in the optimizer's checkpoint: numbers that are
/// taken over, and settings that must be the same.
/// </summary>
/// <param name="owner">The owner, for messages.</param>
internal sealed class CheckpointCompanion(string owner = "a sampler")
{
    private readonly List<CheckpointTensor> tensors = [];
    private readonly List<Array> arrays = [];
    private readonly List<Held> held = [];
    private readonly List<(ICheckpointed Part, CheckpointTensor Tensor)> parts = [];
    private readonly List<(string Key, string Value, string Noun)> settings = [];

    internal IReadOnlyList<CheckpointTensor> Tensors => tensors;

    /// <summary>Looks at what was read before anything is taken over; says what is wrong, or null.</summary>
    internal Func<IReadOnlyList<CheckpointTensor>, string?>? Problem { get; init; }

    /// <summary>Numbers that a save reads and a load overwrites.</summary>
    /// <param name="name">With a slash, so that it is no parameter's.</param>
    /// <param name="values">float or double.</param>
    /// <param name="shape">Of as many elements.</param>
    internal void Add(string name, Array values, params nint[] shape)
    {
        tensors.Add(new CheckpointTensor(name, CheckpointPart.Companion, arrays.Count, 0, values is double[], shape, values.Length));
        arrays.Add(values);
    }

    /// <summary>
    /// Numbers that the owner does not hold in an array of double: a save writes them as double, and a load hands them back.
    /// </summary>
    /// <param name="name">With a slash, so that it is no parameter's.</param>
    /// <param name="values">As they are now.</param>
    /// <param name="take">Is given the file's, as many.</param>
    /// <param name="mostWhole">The largest a file may have, where all must be whole numbers from 0; null where any number will do.</param>
    internal void Add(string name, double[] values, Action<double[]> take, double? mostWhole = null)
    {
        held.Add(new Held(tensors.Count, take, mostWhole));
        Add(name, values, values.Length);
    }

    /// <summary>Whole numbers, counts for instance, that a save writes as double and a load overwrites.</summary>
    /// <param name="name">With a slash, so that it is no parameter's.</param>
    /// <param name="values">None is negative; as double they are exact up to 2^53.</param>
    /// <param name="shape">Of as many elements.</param>
    internal void AddWhole<N>(string name, N[] values, params nint[] shape)
        where N : struct, IBinaryInteger<N>, IMinMaxValue<N>
    {
        void Take(double[] read)
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = N.CreateTruncating(read[i]);
            }
        }

        held.Add(new Held(tensors.Count, Take, Math.Min(double.CreateTruncating(N.MaxValue), LargestExact)));
        Add(name, Array.ConvertAll(values, double.CreateTruncating), shape);
    }

    /// <summary>What the caller keeps beside an optimizer, each by its name.</summary>
    /// <exception cref="ArgumentException">A name is blank, or what it names is null.</exception>
    internal static CheckpointCompanion Of(IReadOnlyDictionary<string, ICheckpointed> beside)
    {
        ArgumentNullException.ThrowIfNull(beside);
        var companion = new CheckpointCompanion(
            $"an optimizer with {string.Join(", ", beside.Keys.Order(StringComparer.Ordinal).Select(name => $"'{name}'"))} beside it");
        foreach ((string name, ICheckpointed part) in beside.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (string.IsNullOrWhiteSpace(name) || part is null)
            {
                throw new ArgumentException(part is null ? $"What is named '{name}' is null." : "A name is blank.", nameof(beside));
            }

            double[] state = new double[part.StateLength];
            part.GetState(state);
            companion.Require($"{Beside}{TensorNames.Escape(name)}", part.GetType().Name, $"'{name}' beside the optimizer, of type");
            companion.Add($"{Beside}{TensorNames.Escape(name)}/state", state, state.Length);
            companion.parts.Add((part, companion.tensors[^1]));
        }

        return companion;
    }

    /// <summary>What names of tensors begin with that hold what the caller keeps beside an optimizer.</summary>
    internal const string Beside = "beside/";

    /// <summary>Numbers of which there may be more or fewer rows in a file: a load takes the file's.</summary>
    /// <param name="name">With a slash, so that it is no parameter's.</param>
    /// <param name="values">Row after row.</param>
    /// <param name="most">Rows at most.</param>
    /// <param name="shape">Of the rows there are.</param>
    internal void AddRows(string name, double[] values, int most, params nint[] shape)
    {
        tensors.Add(
            new CheckpointTensor(name, CheckpointPart.Companion, arrays.Count, 0, isDouble: true, shape,
                values.Length)
            { MostRows = most });
        arrays.Add(values);
    }

    /// <summary>The numbers of a name, after a load those of the file.</summary>
    internal double[] this[string name] => (double[])arrays[tensors.First(tensor => tensor.Name == name).Owner];

    /// <summary>A setting that the file must have, too.</summary>
    internal void Require(string key, string value, string noun) => settings.Add((key, value, noun));

    internal void AddTo(CheckpointMetadata metadata)
    {
        foreach ((string key, string value, string noun) in settings)
        {
            metadata.Add(key, value, MetadataUse.Compare, noun, owner: owner);
        }
    }

    internal ReadOnlySpan<byte> BytesOf(CheckpointTensor tensor, int start, int count) => arrays[tensor.Owner] switch
    {
        double[] wide => MemoryMarshal.AsBytes(wide.AsSpan(start, count)),
        var narrow => MemoryMarshal.AsBytes(((float[])narrow).AsSpan(start, count)),
    };

    /// <summary>Nothing of it throws: a reader has found the file to hold the same elements and lengths.</summary>
    internal void TakeOver(CheckpointTensor[] read)
    {
        foreach (CheckpointTensor tensor in read.Where(tensor => tensor.Part == CheckpointPart.Companion))
        {
            if (tensor.MostRows >= 0)
            {
                arrays[tensor.Owner] = tensor.Values!;
            }
            else
            {
                tensor.Values!.CopyTo(arrays[tensor.Owner], 0);
            }
        }

        foreach (Held one in held)
        {
            one.Take((double[])arrays[one.Tensor]);
        }
    }

    /// <summary>Gives the caller's parts what was read. Where one refuses, those before it get back what they had.</summary>
    /// <exception cref="CheckpointException">One refuses.</exception>
    internal void SetStates(string file)
    {
        if (Problem?.Invoke(tensors) is { } problem)
        {
            throw new CheckpointException(file, null, problem, "name an untouched copy, or its .previous");
        }

        foreach (Held one in held)
        {
            if (one.MostWhole is { } most && Array.FindIndex((double[])tensors[one.Tensor].Values!,
                value => !double.IsInteger(value) || value < 0 || value > most) is var index and >= 0)
            {
                throw new CheckpointException(file, tensors[one.Tensor].Name, string.Create(CultureInfo.InvariantCulture,
                    $"has {((double[])tensors[one.Tensor].Values!)[index]} at index {index}, and must have whole numbers from 0 to {most}"),
                    "name an untouched copy, or its .previous");
            }
        }

        for (int i = 0; i < parts.Count; i++)
        {
            try
            {
                parts[i].Part.SetState((double[])parts[i].Tensor.Values!);
            }
            catch (Exception exception)
            {
                foreach ((ICheckpointed part, CheckpointTensor tensor) in parts.Take(i))
                {
                    part.SetState((double[])arrays[tensor.Owner]);
                }

                if (exception is ArgumentException)
                {
                    throw new CheckpointException(file, parts[i].Tensor.Name,
                        $"is refused ({exception.Message.ReplaceLineEndings(" ").TrimEnd('.')})",
                            "load it beside an object of the same kind and settings", exception);
                }

                throw;
            }
        }
    }

    // 2^53: past it not every whole number is a double.
    private const double LargestExact = 9007199254740992;

    /// <summary>A tensor whose values the owner holds in another form.</summary>
    /// <param name="Tensor">Its place among the tensors.</param>
    /// <param name="Take">Takes what a file has.</param>
    /// <param name="MostWhole">The largest that it may have, where it must have whole numbers.</param>
    private readonly record struct Held(int Tensor, Action<double[]> Take, double? MostWhole);
}
