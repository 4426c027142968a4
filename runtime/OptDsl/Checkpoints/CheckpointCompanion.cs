using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace OptDsl.Checkpoints;

/// <summary>
/// What the owner of an optimizer, such as a sampler, keeps beside it in the optimizer's checkpoint: numbers that a load takes over, and
/// settings that must be equal.
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

    /// <summary>Checks the tensors that were read before anything is taken over. Returns what is wrong, or null.</summary>
    internal Func<IReadOnlyList<CheckpointTensor>, string?>? Problem { get; init; }

    /// <summary>Adds numbers that a save reads and a load overwrites.</summary>
    /// <param name="name">The tensor's name. It contains a slash, so that no parameter has it.</param>
    /// <param name="values">An array of float or double.</param>
    /// <param name="shape">The shape, with as many elements as the values.</param>
    internal void Add(string name, Array values, params nint[] shape)
    {
        tensors.Add(new CheckpointTensor(name, CheckpointPart.Companion, arrays.Count, 0, values is double[], shape, values.Length));
        arrays.Add(values);
    }

    /// <summary>
    /// Adds numbers that the owner does not hold in an array of double. A save writes them as double, and a load passes them to the owner.
    /// </summary>
    /// <param name="name">The tensor's name. It contains a slash, so that no parameter has it.</param>
    /// <param name="values">The current values.</param>
    /// <param name="take">Called with the file's values, as many as were written.</param>
    /// <param name="mostWhole">
    /// The largest whole number that a file may have, if all must be whole numbers from 0; null if any number is allowed.
    /// </param>
    internal void Add(string name, double[] values, Action<double[]> take, double? mostWhole = null)
    {
        held.Add(new Held(tensors.Count, take, mostWhole));
        Add(name, values, values.Length);
    }

    /// <summary>Adds whole numbers, such as counts, that a save writes as double and a load overwrites.</summary>
    /// <param name="name">The tensor's name. It contains a slash, so that no parameter has it.</param>
    /// <param name="values">The values, none negative. A double holds them exactly up to 2^53.</param>
    /// <param name="shape">The shape, with as many elements as the values.</param>
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

    /// <summary>Collects the objects that the caller keeps beside an optimizer, by name.</summary>
    /// <exception cref="ArgumentException">A name is blank, or an object is null.</exception>
    internal static CheckpointCompanion Of(IReadOnlyDictionary<string, ICheckpointed> beside)
    {
        ArgumentNullException.ThrowIfNull(beside);
        var companion = new CheckpointCompanion(
            $"an optimizer with {string.Join(", ", beside.Keys.Order(StringComparer.Ordinal).Select(name => $"'{name}'"))} beside it");
        foreach ((string name, ICheckpointed part) in beside.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (string.IsNullOrWhiteSpace(name) || part is null)
            {
                throw new ArgumentException(part is null ? $"The object named '{name}' is null." : "A name is blank.", nameof(beside));
            }

            double[] state = new double[part.StateLength];
            part.GetState(state);
            companion.Require($"{Beside}{TensorNames.Escape(name)}", part.GetType().Name, $"'{name}' beside the optimizer, of type");
            companion.Add($"{Beside}{TensorNames.Escape(name)}/state", state, state.Length);
            companion.parts.Add((part, companion.tensors[^1]));
        }

        return companion;
    }

    /// <summary>The beginning of the tensor names of what the caller keeps beside an optimizer.</summary>
    internal const string Beside = "beside/";

    /// <summary>Adds numbers in rows. A file may have another number of rows; a load then takes the file's.</summary>
    /// <param name="name">The tensor's name. It contains a slash, so that no parameter has it.</param>
    /// <param name="values">The values, row after row.</param>
    /// <param name="most">The largest number of rows.</param>
    /// <param name="shape">The shape of the current rows.</param>
    internal void AddRows(string name, double[] values, int most, params nint[] shape)
    {
        tensors.Add(
            new CheckpointTensor(name, CheckpointPart.Companion, arrays.Count, 0, isDouble: true, shape,
                values.Length)
            { MostRows = most });
        arrays.Add(values);
    }

    /// <summary>The numbers of the given name; after a load, the file's.</summary>
    internal double[] this[string name] => (double[])arrays[tensors.First(tensor => tensor.Name == name).Owner];

    /// <summary>Adds a setting that must be equal in the file.</summary>
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

    /// <summary>
    /// Takes the values that were read. It does not throw: the reader has checked that the file has the same element types and lengths.
    /// </summary>
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

    /// <summary>
    /// Passes the values that were read to the caller's objects. If an object refuses its values, the objects before it get their old
    /// values back.
    /// </summary>
    /// <exception cref="CheckpointException">An object refuses its values.</exception>
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
                    $"has {((double[])tensors[one.Tensor].Values!)[index]} at index {index}, but must have whole numbers from 0 to {most}"),
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

    // 2^53: above it, a double cannot hold every whole number.
    private const double LargestExact = 9007199254740992;

    /// <summary>A tensor whose values the owner holds in another form.</summary>
    /// <param name="Tensor">The index of the tensor.</param>
    /// <param name="Take">Takes the values of a file.</param>
    /// <param name="MostWhole">The largest value allowed, if the values must be whole numbers.</param>
    private readonly record struct Held(int Tensor, Action<double[]> Take, double? MostWhole);
}
