using OptDsl.Generator.Model;

namespace OptDsl.Generator.Tests.Model;

/// <content>
/// Reductions, by the tree the language promises: within a tensor 32 lanes by index mod 32 in blocks of 4096, lanes folded by
/// halves, blocks combined by halves of their number; over a column row after row; over more than a tensor one after another.
/// </content>
internal sealed partial class Interpreter<T>
{
    private const int Lanes = 32, Block = 4096;

    private double Reduce(ReductionSpec reduction, int body, int place)
    {
        TensorPlace tensor = layout.TensorAt(place);
        int inTensor = place - tensor.Start, row = inTensor / tensor.Columns, column = inTensor % tensor.Columns;
        double Of(TensorPlace of, int start, int count) => Tree(reduction.Operator, start, count, index => Wide(body, of.Start + index));
        (double Value, int Count) result = (Nothing(reduction.Operator), 0);
        switch (reduction.Scope)
        {
            case ScopeKind.Row:
                result = (Of(tensor, row * tensor.Columns, tensor.Columns), tensor.Columns);
                break;
            case ScopeKind.Column:
                for (int each = 0; each < tensor.Rows; each++)
                {
                    result = (Both(reduction.Operator, result.Value, Wide(body, tensor.Start + (each * tensor.Columns) + column)),
                        each + 1);
                }

                break;
            case ScopeKind.Tensor:
                result = (Of(tensor, 0, tensor.Count), tensor.Count);
                break;
            default:
                foreach (TensorPlace other in layout.Tensors.Where(other => reduction.Scope == ScopeKind.Global
                    || other.Group == tensor.Group))
                {
                    result = (Both(reduction.Operator, result.Value, Of(other, 0, other.Count)), result.Count + other.Count);
                }

                break;
        }

        return reduction.Operator == ReductionOperator.Mean ? result.Value / result.Count : result.Value;
    }

    private double[][] Observe(int node)
    {
        // What differs from column to column passes through an element on its way to a reduction.
        double Narrow(double value) => nodes[node].Kind == Kind.Column ? double.CreateTruncating(T.CreateTruncating(value)) : value;
        double At(int place) => nodes[node].PerElement ? Wide(node, place)
            : Narrow(System.Convert.ToDouble(Uniform(node, place), System.Globalization.CultureInfo.InvariantCulture));
        double[] Statistics(TensorPlace tensor)
        {
            double Of(ReductionOperator how, Func<double, double> body)
                => Tree(how, 0, tensor.Count, index => body(At(tensor.Start + index)));
            return
            [
                Of(ReductionOperator.Sum, x => x * x), Of(ReductionOperator.Min, x => x), Of(ReductionOperator.Max, x => x),
                Of(ReductionOperator.Sum, x => x), Of(ReductionOperator.Sum, x => x != 0 ? 1 : 0), Norm(tensor),
            ];
        }

        // Of what is divided by the largest, since squares of the values may overflow or vanish.
        double Norm(TensorPlace tensor)
        {
            double[] sizes = [.. Enumerable.Range(tensor.Start, tensor.Count).Select(place => Math.Abs(At(place)))];
            double largest = sizes.DefaultIfEmpty(0).Max();
            return largest == 0 || !double.IsFinite(largest) ? largest
                : largest * Math.Sqrt(sizes.Sum(size => size / largest * (size / largest)));
        }

        return [.. layout.Tensors.Select(Statistics)];
    }

    private static double Nothing(ReductionOperator how) => how switch
    {
        ReductionOperator.Max => double.NegativeInfinity,
        ReductionOperator.Min => double.PositiveInfinity,
        _ => 0,
    };

    private static double Both(ReductionOperator how, double a, double b) => how switch
    {
        ReductionOperator.Max => Math.Max(a, b),
        ReductionOperator.Min => Math.Min(a, b),
        _ => a + b,
    };

    private static double Tree(ReductionOperator how, int start, int count, Func<int, double> value)
    {
        var blocks = new List<double>();
        foreach (IGrouping<int, int> block in Enumerable.Range(start, count).GroupBy(index => index / Block))
        {
            double[] lanes = [.. Enumerable.Repeat(Nothing(how), Lanes)];
            foreach (int index in block)
            {
                lanes[index % Lanes] = Both(how, lanes[index % Lanes], value(index));
            }

            blocks.Add(Halve(how, lanes));
        }

        return Halve(how, [.. blocks]);
    }

    /// <summary>The second half is combined with the first, until one is left; of an odd number the first half is the longer.</summary>
    private static double Halve(ReductionOperator how, double[] parts)
    {
        while (parts.Length > 1)
        {
            int half = (parts.Length + 1) / 2;
            parts = [.. parts.Take(half)
                .Select((part, index) => half + index < parts.Length ? Both(how, part, parts[half + index]) : part)];
        }

        return parts[0];
    }
}
