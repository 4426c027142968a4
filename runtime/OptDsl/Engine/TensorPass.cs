using System.Numerics;
using OptDsl.Contract;

namespace OptDsl.Engine;

/// <summary>
/// One pass over one tensor. It divides the tensor at the ends of rows and blocks of reductions, gives the kernel its other inputs, and
/// takes the results of reductions. The results do not depend on the division.
/// </summary>
internal sealed unsafe class TensorPass<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private readonly RuleSchema schema;
    private readonly PassSchema pass;
    private readonly Kernel<T> kernel;
    private readonly OptimizerSeed seed;
    private readonly int[] byLane, byColumn;
    private readonly Reduction[] operators;
    private readonly bool ownUniforms, hasNoise, reduces;
    private readonly PassScratch<T> scratch;

    internal TensorPass(RuleSchema schema, PassSchema pass, Kernel<T> kernel, OptimizerSeed seed, int threads)
    {
        this.schema = schema;
        this.pass = pass;
        this.kernel = kernel;
        this.seed = seed;
        byLane = [.. pass.Reductions.Where(id => schema.Reductions[id].Scope != Scope.Column)];
        byColumn = [.. pass.Reductions.Where(id => schema.Reductions[id].Scope == Scope.Column)];
        operators = [.. byLane.Select(id => schema.Reductions[id].Operator)];
        ownUniforms = pass.TensorPhase >= 0;
        hasNoise = !pass.Noises.IsEmpty;
        scratch = new PassScratch<T>(byLane.Length, pass.Noises.Length, threads);
        reduces = !pass.Reductions.IsEmpty;
    }

    internal PassSchema Pass => pass;

    /// <summary>Computes the uniforms before the sweep.</summary>
    internal void Prepare(TensorUnit<T, TRule> unit)
    {
        if (pass.TensorPhase < 0)
        {
            return;
        }

        if (pass.Sweep >= 0)
        {
            unit.Frame.Take(unit.Group.Frame, pass);
        }

        unit.Group.InForce.PrepareTensor(pass.TensorPhase, unit.Group.Frame, unit.Frame);
    }

    /// <summary>
    /// Sweeps a part of the tensor that begins and ends with a block of reductions. A pass that works row by row sweeps the whole tensor.
    /// </summary>
    internal bool Sweep(TensorUnit<T, TRule> unit, int start, int length, T* output)
    {
        if (scratch.IsOnStack)
        {
            byte* bytes = stackalloc byte[scratch.Bytes];
            return Sweep(unit, start, length, output, bytes);
        }

        PassScratch<T>.Room room = scratch.Take();
        bool fault = Sweep(unit, start, length, output, room.Pointer);
        scratch.Return(room);
        return fault;
    }

    private bool Sweep(TensorUnit<T, TRule> unit, int start, int length, T* output, byte* bytes)
    {
        SweepMemory<T> memory = default;
        memory.Sums = (double*)PassScratch<T>.Align(bytes);
        memory.Noise = (T*)((byte*)memory.Sums + scratch.SumBytes);
        memory.Output = output;
        memory.Columns = unit.Frame.ColumnValues;
        memory.ColumnStride = (nuint)unit.Frame.ColumnStride;
        memory.Wide = ownUniforms ? unit.Frame.WideUniforms : unit.Group.Frame.WideUniforms;
        memory.Wide += memory.Wide is null ? 0 : pass.UniformStart;
        T* uniforms = (ownUniforms ? unit.Frame.Uniforms : unit.Group.Frame.Uniforms) + (pass.UniformStart * UniformFrame.Lanes<T>());
        KernelBlock<T> block = unit.Block.With(&memory, uniforms);
        if (!pass.IsRowWise)
        {
            return SweepRun(unit, in block, &memory, start, length, 0, start + length);
        }

        double* columnSums = unit.Frame.ColumnSums;
        memory.ColumnSums = columnSums;
        for (int i = 0; i < byColumn.Length; i++)
        {
            new Span<double>(columnSums + (i * unit.Frame.ColumnStride), unit.Frame.Columns)
                .Fill(ReductionTree.Identity(schema.Reductions[byColumn[i]].Operator));
        }

        bool fault = SweepRows(unit, in block, &memory);
        for (int i = 0; i < byColumn.Length; i++)
        {
            new ReadOnlySpan<double>(columnSums + (i * unit.Frame.ColumnStride), unit.Frame.Columns)
                .CopyTo(unit.Frame.ColumnReductions(byColumn[i]));
            Finish(unit.Frame.ColumnReductions(byColumn[i]), schema.Reductions[byColumn[i]], unit.Frame.Rows);
        }

        return fault;
    }

    /// <summary>Finishes the reductions over the tensor, and the tensor's contribution to reductions over several tensors.</summary>
    internal void Finish(TensorUnit<T, TRule> unit)
    {
        foreach (int id in byLane)
        {
            ReductionSchema reduction = schema.Reductions[id];
            if (reduction.Scope != Scope.Row)
            {
                unit.Totals[id] = ReductionTree.Combine(reduction.Operator, unit.Blocks[id].AsSpan());
                unit.Frame.Reductions[id] = reduction.Operator == Reduction.Mean ? unit.Totals[id] / unit.Length : unit.Totals[id];
            }
        }
    }

    private bool SweepRows(TensorUnit<T, TRule> unit, in KernelBlock<T> block, SweepMemory<T>* memory)
    {
        int columns = unit.Frame.Columns;
        bool fault = false;
        Span<double> parts = unit.Frame.RowParts;
        for (int row = 0; row < unit.Frame.Rows; row++)
        {
            unit.Frame.SelectRow(pass, row);
            fault |= SweepRow(unit, in block, memory, row, parts);
        }

        foreach (int id in byLane)
        {
            Finish(schema.Reductions[id].Scope == Scope.Row ? unit.Frame.RowReductions(id) : [], schema.Reductions[id], columns);
        }

        return fault;
    }

    private bool SweepRow(TensorUnit<T, TRule> unit, in KernelBlock<T> block, SweepMemory<T>* memory, int row, Span<double> parts)
    {
        int columns = unit.Frame.Columns, start = row * columns, end = start + columns, most = (columns / ReductionTree.Block) + 2,
            count = 0;
        bool fault = false;
        for (int at = start; at < end; count++)
        {
            int stop = Math.Min(end, ((at / ReductionTree.Block) + 1) * ReductionTree.Block);
            for (int i = 0; i < byLane.Length; i++)
            {
                // The lanes of a row start anew with the row and with each block. The lanes of the tensor continue over its rows.
                if (schema.Reductions[byLane[i]].Scope == Scope.Row || at % ReductionTree.Block == 0)
                {
                    Reset(memory, i);
                }
            }

            fault |= SweepPiece(unit, in block, memory, at, stop - at, at - start);
            for (int i = 0; i < byLane.Length; i++)
            {
                ReductionSchema reduction = schema.Reductions[byLane[i]];
                if (reduction.Scope == Scope.Row)
                {
                    parts[(i * most) + count] = ReductionTree.Fold(reduction.Operator, memory->Sums + (i * ReductionTree.Lanes));
                }
                else if (stop % ReductionTree.Block == 0 || stop == unit.Length)
                {
                    unit.Blocks[byLane[i]][at / ReductionTree.Block] = ReductionTree.Fold(reduction.Operator,
                        memory->Sums + (i * ReductionTree.Lanes));
                }
            }

            at = stop;
        }

        for (int i = 0; i < byLane.Length; i++)
        {
            if (schema.Reductions[byLane[i]].Scope == Scope.Row)
            {
                unit.Frame.RowReductions(byLane[i])[row] = ReductionTree.Combine(schema.Reductions[byLane[i]].Operator,
                    parts.Slice(i * most, count));
            }
        }

        return fault;
    }

    /// <summary>Sweeps a run that is not divided into rows, block after block.</summary>
    private bool SweepRun(TensorUnit<T, TRule> unit, in KernelBlock<T> block, SweepMemory<T>* memory, int start, int length, int inRow,
        int end)
    {
        if (byLane.Length == 0)
        {
            return SweepPiece(unit, in block, memory, start, length, inRow);
        }

        bool fault = false;
        for (int at = start; at < end; at += ReductionTree.Block)
        {
            for (int i = 0; i < byLane.Length; i++)
            {
                Reset(memory, i);
            }

            fault |= SweepPiece(unit, in block, memory, at, Math.Min(ReductionTree.Block, end - at), 0);
            for (int i = 0; i < byLane.Length; i++)
            {
                unit.Blocks[byLane[i]][at / ReductionTree.Block] = ReductionTree.Fold(operators[i],
                    memory->Sums + (i * ReductionTree.Lanes));
            }
        }

        return fault;
    }

    /// <summary>If the pass reads noise, draws a small part at a time and sweeps it while it is in the first-level cache.</summary>
    private bool SweepPiece(TensorUnit<T, TRule> unit, in KernelBlock<T> block, SweepMemory<T>* memory, int start, int length, int inRow)
    {
        if (!hasNoise)
        {
            return SweepPart(in block, start, length, inRow);
        }

        bool fault = false;
        for (int at = 0; at < length;)
        {
            // From the second part on, in whole blocks of the generator.
            ulong place = seed.PlaceOf(unit.Tensor.Offset + start + at);
            int stop = Math.Min(length, at + SweepMemory<T>.NoiseLength - (int)(place % SweepMemory<T>.NoiseLength));
            for (int i = 0; i < pass.Noises.Length; i++)
            {
                InputSchema input = schema.Inputs[pass.Noises[i]];
                Noise.Fill(OptimizerSeed.KindOf(input), seed.Key(input), place,
                    new Span<T>(memory->Noise + (i * SweepMemory<T>.NoiseLength), stop - at));
            }

            memory->NoiseStart = (nuint)(start + at);
            fault |= SweepPart(in block, start + at, stop - at, inRow + at);
            at = stop;
        }

        return fault;
    }

    private bool SweepPart(in KernelBlock<T> block, int start, int length, int inRow)
    {
        KernelBlock<T> part = block.SliceRow((nuint)start, (nuint)length, (nuint)inRow);
        return !reduces ? kernel.Sweep(in part) : kernel.SweepLanes(in part);
    }

    private void Reset(SweepMemory<T>* memory, int reduction)
        => ReductionTree.Reset(operators[reduction], memory->Sums + (reduction * ReductionTree.Lanes));

    private static void Finish(Span<double> values, ReductionSchema reduction, int count)
    {
        if (reduction.Operator == Reduction.Mean)
        {
            foreach (ref double value in values)
            {
                value /= count;
            }
        }
    }
}
