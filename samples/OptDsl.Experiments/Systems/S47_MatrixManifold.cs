using MathNet.Numerics.LinearAlgebra;
using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>S47: Langevin chains on the posterior of a 4 x 2 factorization.</summary>
internal sealed class S47_MatrixManifold : VerificationSystem
{
    private const int Rows = 4, Rank = 2;

    internal override string Id => "S47";

    internal override string Title => "Langevin chains stay on their component of the matrix manifold and mix along it";

    internal override string Text => """
        `MatrixPosterior` has the density exp(-b |X X' - M|²) over 4 x 2 matrices X, with M = X0 X0' and X0 = U diag(1.2, 1)
        (Moitra and Risteski 2020). The noise of this density has the covariance I / (2 b), which corrects the source. The
        minimizers are X0 R with R orthogonal: one component with det R = 1, and one with det R = -1. Chains should keep their
        component and forget their angle on it. Time is steps x eta. Nothing is claimed for t = 10, where a recorded run
        disagreed with theory.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        // X0 = U diag(1.2, 1), U orthonormal: M = X0 X0'.
        var random = new Xoshiro256(trial.Seed);
        Matrix<double> u = Matrix<double>.Build.Dense(Rows, Rank, (_, _) => random.NextGaussian())
            .QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Thin).Q;
        Matrix<double> x0 = u * Matrix<double>.Build.Diagonal([1.2, 1]), inverse = x0.PseudoInverse();
        double[] energies = new double[2], dets = new double[2];
        var decays = new (double Time, double Measured)[2][];

        // What is claimed of angles is claimed of the first run: 1600 chains leave .017 to luck, 400 leave .034.
        (double Beta, double Step, int Chains)[] runs = [(50, 2e-4, trial.IsSmall ? 800 : 1600), (200, 5e-5, trial.IsSmall ? 100 : 400)];
        for (int i = 0; i < runs.Length; i++)
        {
            (energies[i], dets[i], decays[i]) = Chains(trial, x0, inverse, runs[i].Beta, runs[i].Step, runs[i].Chains);
        }

        double norm = Math.Pow(x0.FrobeniusNorm(), 2);
        double Theory(double time) => Math.Exp(-time / norm);
        trial.Show(new DataTable("energy", "Mean energy b f over t = 0.6 to 3; equipartition: (dk - k (k - 1) / 2) / 2 = 3.5", "b, eta",
            "mean energy E b f", "smallest det(X0⁺ X) of any chain")
            .Row("50, 2e-4", energies[0], dets[0]).Row("200, 5e-5", energies[1], dets[1]));
        var table = new DataTable("decay", "What is left of the initial angle, |E exp(i angle)|", "time t", "b = 50", "b = 200",
            "theory: exp(-t / |X0|²)");
        for (int i = 9; i < decays[0].Length; i += 10)
        {
            table.Row(decays[0][i].Time, decays[0][i].Measured, decays[1][i].Measured, Theory(decays[0][i].Time));
        }

        trial.Show(table);
        trial.Show(new Picture("decay", "Chains forget their angle on the manifold", "time t (steps x eta)", "|E exp(i angle)|",
            new("b = 50", decays[0]), new("b = 200", decays[1]),
                new("exp(-t / |X0|²)", [.. decays[0].Select(point => (point.Time, Theory(point.Time)))], CurveKind.Theory)));
        yield return new("S47.energy50", energies[0]);
        yield return new("S47.energy200", energies[1]);
        yield return new("S47.component", dets.Min());
        yield return new("S47.decay1", Math.Abs(decays[0][9].Measured - Theory(1)));
        yield return new("S47.decay3", Math.Abs(decays[0][29].Measured - Theory(3)));
    }

    private static (double Energy, double LeastDet, (double Time, double Measured)[] Decay) Chains(Trial trial, Matrix<double> x0,
        Matrix<double> inverse, double beta, double step, int chains)
    {
        // Every tenth of the time, up to t = 3.
        int thinning = (int)Math.Round(0.1 / step);
        trial.Report(FormattableString.Invariant($"inverse temperature b = {beta}"));
        Matrix<double> product = x0 * x0.Transpose();
        double[] matrix = product.ToRowMajorArray();
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < i; j++)
            {
                matrix[(i * Rows) + j] = matrix[(j * Rows) + i];
            }
        }

        double[] start = x0.ToRowMajorArray();
        Samples<double> samples = Sampled.Run(trial, MatrixPosterior<double>.Factorization(matrix, Rows, Rank, beta), new Langevin(step),
            chains, 0, 30, thinning, null, (chain, position) => start.CopyTo(position));
        ReadOnlySpan<double> logDensities = samples.GetStatistic(SampleStatistics.LogDensity);
        double energy = 0, least = double.PositiveInfinity;
        var decay = new (double, double)[samples.Draws];
        for (int draw = 0; draw < samples.Draws; draw++)
        {
            double cosine = 0, sine = 0;
            for (int chain = 0; chain < chains; chain++)
            {
                energy += draw >= 5 ? -logDensities[(chain * samples.Draws) + draw] / (chains * (samples.Draws - 5)) : 0;
                Matrix<double> turn = inverse * Matrix<double>.Build.DenseOfRowMajor(Rows, Rank, samples.GetDraw(chain, draw).ToArray());
                least = Math.Min(least, turn.Determinant());
                double angle = Math.Atan2(turn[1, 0] - turn[0, 1], turn[0, 0] + turn[1, 1]);
                (cosine, sine) = (cosine + (Math.Cos(angle) / chains), sine + (Math.Sin(angle) / chains));
            }

            decay[draw] = ((draw + 1) * thinning * step, Math.Sqrt((cosine * cosine) + (sine * sine)));
        }

        return (energy, least, decay);
    }
}
