using System.ComponentModel;
using System.Numerics;
using System.Runtime.Intrinsics;
using OptDsl.Simd;

namespace OptDsl.Contract;

/// <summary>
/// What a rule's uniform computation reads and fills for one tensor: values per tensor, row or column, the values carried from the last
/// step, and the uniforms of the per-parameter body that differ from tensor to tensor.
/// </summary>
/// <typeparam name="T">The element type of the buffer.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class TensorFrame<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RuleSchema schema;
    private readonly OptimizerSeed seed;
    private readonly int offset;
    private readonly double[] reductions, inputs;
    private readonly double[][] rowReductions, columnReductions;
    private readonly double[]?[] rowWide;
    private readonly T[]?[] rowUniforms;
    private readonly AlignedMemory<T> uniforms, columns;
    private readonly AlignedMemory<double> wideMemory, columnSums;
    private double[][] carried, nextCarried;

    internal TensorFrame(RuleSchema schema, TensorNeeds needs, OptimizerSeed seed, ParameterTensor<T> tensor)
    {
        this.schema = schema;
        this.seed = seed;
        offset = tensor.Offset;
        Rank = tensor.Shape.Length;
        Count = tensor.Length;
        Rows = Rank < 2 ? 1 : (int)tensor.Shape[0];
        Columns = Count / Rows;
        reductions = Zeros(schema.Reductions.Length);
        inputs = Zeros(schema.Inputs.Length);
        carried = [.. needs.Carried.Select(kind => Zeros(CarriedSize(kind)))];
        nextCarried = [.. carried.Select(values => Zeros(values.Length))];
        rowReductions = columnReductions = [];
        rowUniforms = [];
        rowWide = [];
        RowParts = [];
        if (!needs.IsLocal)
        {
            return;
        }

        ColumnStride = (Columns + 15) & ~15;
        int columnLength = Require(ColumnStride, needs.ColumnValues, $"values of each of {Columns} columns"),
            columnSumLength = Require(ColumnStride, needs.ColumnReductions, $"sums of each of {Columns} columns");
        int parts = Require((Columns / ReductionLanes.Block) + 2, needs.RowReductions > 0 ? schema.Reductions.Length : 0,
            $"parts of the sums of a row of {Columns}");

        rowReductions = [.. schema.Reductions.Select(reduction => Zeros(reduction.Scope == Scope.Row ? Rows : 0))];
        columnReductions = [.. schema.Reductions.Select(reduction => Zeros(reduction.Scope == Scope.Column ? Columns : 0))];
        uniforms = AlignedMemory<T>.Allocate(needs.HasUniforms ? schema.UniformCount * UniformFrame.Lanes<T>() : 0);
        wideMemory = AlignedMemory<double>.Allocate(needs.HasUniforms ? schema.UniformCount : 0);
        rowUniforms = new T[]?[schema.UniformCount];
        rowWide = new double[]?[schema.UniformCount];
        foreach (int slot in needs.RowUniforms)
        {
            rowUniforms[slot] = new T[Rows];
            rowWide[slot] = new double[Rows];
        }

        RowParts = Zeros(parts);
        columns = AlignedMemory<T>.Allocate(columnLength);
        columnSums = AlignedMemory<double>.Allocate(columnSumLength);

        int Require(int each, int count, string what) => AlignedMemory<T>.Require(
            (long)each * count, "rule", schema.Name, $"{schema.Name}'s {count} {what} of tensor '{tensor.Name}' {tensor}",
                "Give the tensor another shape, or split it.");
    }

    internal double* ColumnSums => columnSums.Pointer;

    /// <summary>The number of rows of the tensor as a matrix: its first dimension, or 1 if it has fewer than two dimensions.</summary>
    public int Rows { get; }

    /// <summary>The number of columns: the product of all other dimensions.</summary>
    public int Columns { get; }

    /// <summary>The number of parameters of the tensor.</summary>
    public int Count { get; }

    /// <summary>The number of dimensions of the tensor.</summary>
    public int Rank { get; }

    /// <summary>The results of reductions over the tensor, by number.</summary>
    public Span<double> Reductions => reductions;

    /// <summary>Values per tensor that are carried from step to step, by number.</summary>
    public ref struct CarriedValues(double[][] values)
    {
        /// <summary>A value.</summary>
        public readonly ref double this[int index] => ref values[index][0];
    }

    /// <summary>The values per tensor that were carried from the last step.</summary>
    public CarriedValues Carried => new(carried);

    /// <summary>The values per tensor to carry to the next step.</summary>
    public CarriedValues NextCarried => new(nextCarried);

    internal int ColumnStride { get; }

    /// <summary>Memory for the results of the blocks of one row.</summary>
    internal double[] RowParts { get; }

    internal T* Uniforms => uniforms.Pointer;

    internal double* WideUniforms => wideMemory.Pointer;

    internal T* ColumnValues => columns.Pointer;

    internal double[][] AllCarried => carried;

    internal double[][] AllNextCarried => nextCarried;

    /// <summary>The results of a reduction over rows.</summary>
    public Span<double> RowReductions(int index) => rowReductions[index];

    /// <summary>The results of a reduction over columns.</summary>
    public Span<double> ColumnReductions(int index) => columnReductions[index];

    /// <summary>The values per row that were carried from the last step.</summary>
    public Span<double> RowCarried(int index) => carried[index];

    /// <summary>The values per row to carry to the next step.</summary>
    public Span<double> RowNextCarried(int index) => nextCarried[index];

    /// <summary>The values per column that were carried from the last step.</summary>
    public Span<double> ColumnCarried(int index) => carried[index];

    /// <summary>The values per column to carry to the next step.</summary>
    public Span<double> ColumnNextCarried(int index) => nextCarried[index];

    /// <summary>The caller's input for the tensor.</summary>
    public double Input(int index) => inputs[index];

    internal void SetInput(int index, double value) => inputs[index] = value;

    /// <summary>A draw per tensor, in the element type of the declaration.</summary>
    public TElement Draw<TElement>(int input)
        where TElement : unmanaged, IBinaryFloatingPointIeee754<TElement>
        => seed.Draw<TElement>(schema.Inputs[input], offset);

    /// <summary>A draw per row.</summary>
    public TElement DrawRow<TElement>(int input, int row)
        where TElement : unmanaged, IBinaryFloatingPointIeee754<TElement>
        => seed.Draw<TElement>(schema.Inputs[input], offset + (row * Columns));

    /// <summary>A draw per column.</summary>
    public TElement DrawColumn<TElement>(int input, int column)
        where TElement : unmanaged, IBinaryFloatingPointIeee754<TElement>
        => seed.Draw<TElement>(schema.Inputs[input], offset + column);

    /// <summary>Sets a uniform, rounded once to the element type.</summary>
    public void Set(int index, double value) => Set(index, T.CreateTruncating(value), value);

    /// <summary>Sets a uniform that depends on a reduction, and records it if it is infinite only in the element type.</summary>
    public void Set(int index, double value, string name)
    {
        Set(index, value);
        Overflow = UniformOverflow.Of<T>(Overflow, name, ValueKind.Tensor, 0, value);
    }

    /// <summary>
    /// Sets a uniform for one row that depends on a reduction, and records it if it is infinite only in the element type.
    /// </summary>
    public void SetRow(int index, int row, double value, string name)
    {
        SetRow(index, row, value);
        Overflow = UniformOverflow.Of<T>(Overflow, name, ValueKind.Row, row, value);
    }

    /// <summary>Sets a value per column that depends on a reduction, and records it if it is infinite only in the element type.</summary>
    public void SetColumn(int index, int column, double value, string name)
    {
        SetColumn(index, column, value);
        Overflow = UniformOverflow.Of<T>(Overflow, name, ValueKind.Column, column, value);
    }

    internal UniformOverflow? Overflow { get; set; }

    /// <summary>Sets a uniform.</summary>
    public void Set(int index, float value) => Set(index, T.CreateTruncating(value), value);

    /// <summary>Sets a uniform condition.</summary>
    public void Set(int index, bool value) => Set(index, LaneMask.Of<T>(value), LaneMask.Of<double>(value));

    /// <summary>Sets a uniform for one row.</summary>
    public void SetRow(int index, int row, double value) => SetRow(index, row, T.CreateTruncating(value), value);

    /// <summary>Sets a uniform for one row.</summary>
    public void SetRow(int index, int row, float value) => SetRow(index, row, T.CreateTruncating(value), value);

    /// <summary>Sets a uniform condition for one row.</summary>
    public void SetRow(int index, int row, bool value) => SetRow(index, row, LaneMask.Of<T>(value), LaneMask.Of<double>(value));

    /// <summary>Sets a value per column, by its place among the pass's values.</summary>
    public void SetColumn(int index, int column, double value)
        => columns.Pointer[(index * ColumnStride) + column] = T.CreateTruncating(value);

    /// <summary>Sets a value per column.</summary>
    public void SetColumn(int index, int column, float value)
        => columns.Pointer[(index * ColumnStride) + column] = T.CreateTruncating(value);

    /// <summary>Sets a condition per column.</summary>
    public void SetColumn(int index, int column, bool value) => columns.Pointer[(index * ColumnStride) + column] = LaneMask.Of<T>(value);

    /// <summary>Copies the group's uniforms of a pass. The tensor's own uniforms are set after that.</summary>
    internal void Take(UniformFrame<T> group, PassSchema pass)
    {
        int lanes = UniformFrame.Lanes<T>();
        new ReadOnlySpan<T>(group.Uniforms + (pass.UniformStart * lanes), pass.UniformCount * lanes)
            .CopyTo(new Span<T>(uniforms.Pointer + (pass.UniformStart * lanes), pass.UniformCount * lanes));
        new ReadOnlySpan<double>(group.WideUniforms + pass.UniformStart, group.WideUniforms is null ? 0 : pass.UniformCount)
            .CopyTo(new Span<double>(wideMemory.Pointer + pass.UniformStart, pass.UniformCount));
    }

    /// <summary>Sets the uniforms of a pass to those of one row.</summary>
    internal void SelectRow(PassSchema pass, int row)
    {
        foreach (int slot in pass.RowUniforms)
        {
            Set(slot, rowUniforms[slot]![row], rowWide[slot]![row]);
        }
    }

    /// <summary>Makes the carried values for the next step the current ones.</summary>
    internal void Commit() => (carried, nextCarried) = (nextCarried, carried);

    /// <summary>Allocates nothing for an empty array, because there may be very many tensors.</summary>
    private static double[] Zeros(int length) => length == 0 ? [] : new double[length];

    private int CarriedSize(ValueKind kind) => kind switch
    {
        ValueKind.Tensor => 1,
        ValueKind.Row => Rows,
        ValueKind.Column => Columns,
        _ => 0,
    };

    private void Set(int index, T value, double wideValue)
    {
        Vector512.Create(value).Store(uniforms.Pointer + (index * UniformFrame.Lanes<T>()));
        wideMemory.Pointer[index] = wideValue;
    }

    private void SetRow(int index, int row, T value, double wideValue)
    {
        rowUniforms[index]![row] = value;
        rowWide[index]![row] = wideValue;
    }
}
