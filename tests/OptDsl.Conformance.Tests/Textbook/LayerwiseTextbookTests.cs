using OptDsl.Rules;
using Xunit;

namespace OptDsl.Conformance.Tests.Textbook;

/// <summary>Methods with a number for each tensor, or for each of its rows and columns.</summary>
public class LayerwiseTextbookTests
{
    /// <summary>Catches a ratio for vectors, a decay outside the ratio, and norms over more than a tensor.</summary>
    [Fact]
    public void Lars() => TextbookComparison.Run(new Lars(0.5, 0.8, 0.05, 0.2), new Lars(0.3, 0.8, 0.05, 0.2), model => Each(model, x =>
    {
        double ratio = x.Rank > 1 ? 0.05 * Norm(x.P) / Norm(x.G) : 1;
        double[] b = x["b"];
        for (int i = 0; i < x.Count; i++)
        {
            b[i] = 0.8 * b[i] + ratio * (x.G[i] + 0.2 * x.P[i]);
            x.P[i] -= (x.Second ? 0.3 : 0.5) * b[i];
        }
    }));

    /// <summary>Catches averages without correction, a decay outside the norm, and an epsilon inside the root.</summary>
    [Fact]
    public void Lamb()
    => TextbookComparison.Run(new Lamb(0.02, 0.8, 0.95, 1e-2, 0.3), new Lamb(0.01, 0.8, 0.95, 1e-2, 0.3), model => Each(model, x =>
    {
        double[] m = x["m"], v = x["v"], u = x["u"];
        for (int i = 0; i < x.Count; i++)
        {
            m[i] = 0.8 * m[i] + 0.2 * x.G[i];
            v[i] = 0.95 * v[i] + 0.05 * x.G[i] * x.G[i];
            u[i] = m[i] / (1 - Math.Pow(0.8, model.T)) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.95, model.T))) + 1e-2) + 0.3 * x.P[i];
        }

        double ratio = Norm(x.P) > 0 && Norm(u) > 0 ? Norm(x.P) / Norm(u) : 1;
        for (int i = 0; i < x.Count; i++)
        {
            x.P[i] -= (x.Second ? 0.01 : 0.02) * ratio * u[i];
        }
    }));

    /// <summary>
    /// Catches an energy that does not begin as the first, one over all tensors, and a correction that is missing or upside down.
    /// </summary>
    [Fact]
    public void Novo_grad()
    => TextbookComparison.Run(new NovoGrad(0.02, 0.8, 0.9, 0.1, 0.3), new NovoGrad(0.01, 0.8, 0.9, 0.1, 0.3), model => Each(model, x =>
    {
        double[] m = x["m"], s = x.Vector("s", 1);
        double square = Norm(x.G) * Norm(x.G), correction = Math.Sqrt(1 - Math.Pow(0.9, model.T)) / (1 - Math.Pow(0.8, model.T));
        s[0] = model.T == 1 ? square : 0.9 * s[0] + 0.1 * square;
        for (int i = 0; i < x.Count; i++)
        {
            m[i] = 0.8 * m[i] + (x.G[i] / (Math.Sqrt(s[0]) + 0.1) + 0.3 * x.P[i]);
            x.P[i] -= (x.Second ? 0.01 : 0.02) * correction * m[i];
        }
    }));

    /// <summary>
    /// Catches decays that are not debiased, a surprise by the old average or over all tensors, and a decay at the full rate.
    /// </summary>
    [Fact]
    public void Stable_adam_w()
    => TextbookComparison.Run(new StableAdamW(0.02, 0.8, 0.9, 1e-2, 0.3), new StableAdamW(0.01, 0.8, 0.9, 1e-2, 0.3),
        model => Each(model, x =>
    {
        double[] m = x["m"], v = x["v"];
        double b1 = Math.Pow(0.8, model.T), b2 = Math.Pow(0.9, model.T), decay1 = (b1 - 0.8) / (b1 - 1), decay2 = (b2 - 0.9) / (b2 - 1),
            mean = 0;
        for (int i = 0; i < x.Count; i++)
        {
            m[i] = decay1 * m[i] + (1 - decay1) * x.G[i];
            v[i] = decay2 * v[i] + (1 - decay2) * x.G[i] * x.G[i];
            mean += x.G[i] * x.G[i] / Math.Max(v[i], 1e-4) / x.Count;
        }

        double rate = (x.Second ? 0.01 : 0.02) / Math.Max(1, Math.Sqrt(mean));
        for (int i = 0; i < x.Count; i++)
        {
            x.P[i] *= 1 - rate * 0.3;
            x.P[i] -= rate * m[i] / (Math.Sqrt(v[i]) + 1e-2);
        }
    }));

    /// <summary>Catches one norm for all tensors.</summary>
    [Fact]
    public void Clipping_by_tensor()
    => TextbookComparison.Run(new TensorClippedSgd(0.1, 1.5), new TensorClippedSgd(0.05, 0.5), model => Each(model, x =>
    {
        double scale = Math.Min(1, (x.Second ? 0.5 : 1.5) / (Norm(x.G) + 1e-6));
        for (int i = 0; i < x.Count; i++)
        {
            x.P[i] -= (x.Second ? 0.05 : 0.1) * scale * x.G[i];
        }
    }));

    /// <summary>Catches a power of the square where that of the norm is meant, and a pull that lacks its factor.</summary>
    [Fact]
    public void Implicit_acceleration()
    => TextbookComparison.Run(new ImplicitAcceleration(2e-3, 3), new ImplicitAcceleration(1e-3, 2), model => Each(model, x =>
    {
        double depth = x.Second ? 2 : 3, norm = Norm(x.P), inner = TextbookModel.Sum(x, i => x.P[i] * x.G[i]);
        double[] old = [.. x.P];
        for (int i = 0; i < x.Count; i++)
        {
            x.P[i] -= (x.Second ? 1e-3 : 2e-3) * Math.Pow(norm, 2 - 2 / depth) * (x.G[i] + (depth - 1) * inner * old[i] / (norm * norm));
        }
    }));

    /// <summary>
    /// Catches rows for columns, a factor that is not divided by its mean, a decay that is one step off, and a clip or scale by the wrong
    /// mean square. A vector is one row, whose factors are its squares themselves.
    /// </summary>
    [Fact]
    public void Adafactor()
    => TextbookComparison.Run(new Adafactor(0.05, 1e-4, 1e-2, 0.8), new Adafactor(0.3, 1e-4, 1e-2, 0.8), model => Each(model, x =>
    {
        double[] row = x.Vector("row", x.Rows), column = x.Vector("column", x.Columns), u = x["u"];
        double decay = 1 - Math.Pow(model.T, -0.8), all = 0, square = 0, size = 0;
        for (int r = 0; r < x.Rows; r++)
        {
            double mean = 0;
            for (int c = 0; c < x.Columns; c++)
            {
                double g = x.G[(r * x.Columns) + c];
                mean += (g * g + 1e-4) / x.Columns;
            }

            row[r] = decay * row[r] + (1 - decay) * mean;
            all += row[r] / x.Rows;
        }

        for (int c = 0; c < x.Columns; c++)
        {
            double mean = 0;
            for (int r = 0; r < x.Rows; r++)
            {
                double g = x.G[(r * x.Columns) + c];
                mean += (g * g + 1e-4) / x.Rows;
            }

            column[c] = decay * column[c] + (1 - decay) * mean;
        }

        for (int i = 0; i < x.Count; i++)
        {
            u[i] = x.G[i] / Math.Sqrt(row[i / x.Columns] / all) / Math.Sqrt(column[i % x.Columns]);
            square += u[i] * u[i] / x.Count;
            size += x.P[i] * x.P[i] / x.Count;
        }

        double rate = Math.Max(1e-2, Math.Sqrt(size)) * Math.Min(x.Second ? 0.3 : 0.05, 1 / Math.Sqrt(model.T));
        for (int i = 0; i < x.Count; i++)
        {
            x.P[i] -= rate * u[i] / Math.Max(1, Math.Sqrt(square) / 0.8);
        }
    }));

    /// <summary>Catches covers of this step where those of the last are due, and a greater cover where the lesser is.</summary>
    [Fact]
    public void Sm3() => TextbookComparison.Run(new Sm3(0.1, 1e-2), new Sm3(0.05, 1e-2), model => Each(model, x =>
    {
        double[] row = x.Vector("row", x.Rows), column = x.Vector("column", x.Columns), newRow = new double[x.Rows],
            newColumn = new double[x.Columns];
        for (int i = 0; i < x.Count; i++)
        {
            int r = i / x.Columns, c = i % x.Columns;
            double cover = Math.Min(row[r], column[c]) + x.G[i] * x.G[i];
            newRow[r] = Math.Max(newRow[r], cover);
            newColumn[c] = Math.Max(newColumn[c], cover);
            x.P[i] -= (x.Second ? 0.05 : 0.1) * x.G[i] / Math.Sqrt(cover + 1e-2);
        }

        newRow.CopyTo(row, 0);
        newColumn.CopyTo(column, 0);
    }));

    private static void Each(TextbookModel model, Action<TextbookTensor> step) => model.Tensors.ForEach(step);

    private static double Norm(double[] vector)
    {
        double sum = 0;
        foreach (double x in vector)
        {
            sum += x * x;
        }

        return Math.Sqrt(sum);
    }
}
