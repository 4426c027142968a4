using OptDsl.Contract;

namespace OptDsl;

/// <content>The runs of memory that a step of one pass sweeps.</content>
public sealed unsafe partial class Optimizer<T, TRule>
{
    private Segment[] FindSegments()
    {
        var found = new List<Segment>();
        foreach (ParameterTensor<T> tensor in tensors)
        {
            if (!groups.TryGetValue(tensor.Group, out OptimizerGroup<T, TRule>? group))
            {
                groups.Add(tensor.Group, group = new OptimizerGroup<T, TRule>(this, tensor.Group, seed, buffer.OffsetOfGroup(tensor.Group)));
            }

            int place = State.PlaceOf(tensor);
            if (found.Count > 0 && found[^1].Group == group && found[^1].Start + found[^1].Length == tensor.Offset)
            {
                (int start, int first, int length) = (found[^1].Start, found[^1].Place, found[^1].Length + tensor.Length);
                found[^1] = new Segment(group, start, first, length, State.Block(group.Frame, start, first, length));
            }
            else
            {
                found.Add(new Segment(group, tensor.Offset, place, tensor.Length, State.Block(group.Frame, tensor.Offset, place, tensor.Length)));
            }
        }

        return [.. found];
    }

    /// <summary>A run of neighbouring tensors of one group.</summary>
    private readonly struct Segment(OptimizerGroup<T, TRule> group, int start, int place, int length, KernelBlock<T> block)
    {
        internal readonly OptimizerGroup<T, TRule> Group = group;
        internal readonly int Start = start, Place = place, Length = length;
        internal readonly KernelBlock<T> Block = block;
    }
}
