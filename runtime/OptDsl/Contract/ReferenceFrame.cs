using System.ComponentModel;

namespace OptDsl.Contract;

/// <summary>
/// What the declaration of a rule reads and fills for one tensor: the values of every member in the step. They are in double, which holds
/// every type of a rule exactly.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ReferenceFrame
{
    private readonly double[][] values, buffers, nextBuffers, carried, nextCarried, inputs;

    internal ReferenceFrame(RuleSchema schema, int rows, int columns, int rank)
    {
        Rows = rows;
        Columns = columns;
        Count = rows * columns;
        Rank = rank;
        Parameter = new double[Count];
        Gradient = new double[Count];
        NextParameter = new double[Count];
        Contributions = new double[Count];
        values = [.. schema.Members.Select(member => new double[Size(member.Kind)])];
        buffers = [.. Enumerable.Range(0, schema.BufferCount).Select(_ => new double[Count])];
        nextBuffers = [.. Enumerable.Range(0, schema.BufferCount).Select(_ => new double[Count])];
        carried = [.. schema.CarriedKinds.Select(kind => new double[Size(kind)])];
        nextCarried = [.. schema.CarriedKinds.Select(kind => new double[Size(kind)])];
        inputs = [.. schema.Inputs.Select(input => new double[Size(input.Kind)])];
    }

    /// <summary>The number of the step, from 1.</summary>
    public int Step { get; internal set; }

    /// <summary>The loss given to the step.</summary>
    public double Loss { get; internal set; }

    /// <summary>The number of rows of the tensor.</summary>
    public int Rows { get; }

    /// <summary>The number of columns of the tensor.</summary>
    public int Columns { get; }

    /// <summary>The number of parameters of the tensor.</summary>
    public int Count { get; }

    /// <summary>The number of dimensions of the tensor.</summary>
    public int Rank { get; }

    /// <summary>The parameters before the step.</summary>
    public double[] Parameter { get; }

    /// <summary>The gradients.</summary>
    public double[] Gradient { get; }

    /// <summary>The parameters after the step.</summary>
    public double[] NextParameter { get; }

    /// <summary>The contribution of each parameter to the current reduction.</summary>
    public double[] Contributions { get; }

    /// <summary>The number of values of a kind.</summary>
    public int Size(ValueKind kind) => kind switch
    {
        ValueKind.Row => Rows,
        ValueKind.Column => Columns,
        ValueKind.Parameter => Count,
        _ => 1,
    };

    /// <summary>A member's values of this step, as its readers see them.</summary>
    public double[] Values(int member) => values[member];

    /// <summary>A buffer's content before the step.</summary>
    public double[] Buffers(int buffer) => buffers[buffer];

    /// <summary>A buffer's content after the step.</summary>
    public double[] NextBuffers(int buffer) => nextBuffers[buffer];

    /// <summary>A carried value from the last step.</summary>
    public double[] Carried(int index) => carried[index];

    /// <summary>A carried value for the next step.</summary>
    public double[] NextCarried(int index) => nextCarried[index];

    /// <summary>An input that an attribute declares.</summary>
    public double[] Inputs(int input) => inputs[input];
}
