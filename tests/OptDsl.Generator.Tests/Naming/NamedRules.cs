namespace OptDsl.Generator.Tests.Naming;

/// <summary>
/// Rules that between them go through every emitter, with names to be replaced: <c>Za</c>, <c>Zb</c> and so on are names of the author's,
/// <c>za</c> is the input that reads <c>Za</c>, and <c>previousZa</c> its value of the last step.
/// </summary>
internal static class NamedRules
{
    internal static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        [nameof(Passes)] = Passes,
        [nameof(Settings)] = Settings,
        [nameof(Uniforms)] = Uniforms,
        [nameof(Nested)] = Nested,
    };

    private const string Passes = """
        namespace Zn
        {
            [Optimizer]
            public sealed partial record Zr(double Za = 0.1, double Zb = 0.9, int Zc = 5)
            {
                [Derived] static double Zd(double parameter) => parameter;
                [State(Initial = nameof(Zd))] static double Ze(double previousZe) => previousZe;
                [Reduce(Reduction.Sum, Scope = Scope.Global)] double Zf(double gradient) { double Zz = gradient * Zb; return gradient * Zz; }
                [Reduce(Reduction.Sum)] double Zg(double gradient) => gradient * gradient;
                [Reduce(Reduction.Max, Scope = Scope.Column)] static double Zh(double gradient, [PerParameter] double Zi) => Math.Abs(gradient) * Zi;
                [Reduce(Reduction.Mean, Scope = Scope.Row)] static double Zj(double gradient) => gradient * gradient;
                [RunningAverage(Decay = nameof(Zb))] static double Zk(double zj) => zj;
                [Reduce(Reduction.Sum)] double Zl(double gradient, bool zm) => zm ? gradient * Za : Zb;
                [Derived] static bool Zm(double zh) => zh > 1;
                [Observe] [Update] double Zu(double parameter, double ze, double gradient, double zk, double zh, double zf, double zg, double zl, [Gaussian] double Zo)
                {
                    double Zx = Zb * (parameter - ze), Zy = Zx * Zx;
                    return ze + Zx + Zy - Za * (gradient + Zo * Math.Min(zh, Math.Sqrt(zf + zg + zl))) / (Math.Sqrt(zk) + 1e-8);
                }

                [ReadAt] static double Zp(double zu, double ze) => 0.5 * (zu + ze);
                [SearchDirection] static double Zq(double gradient, double zk) => gradient * zk;
            }
        }
        """;

    private const string Settings = """
        namespace Zn
        {
            public record Zz { public double Za { get; init; } = 0.3; public double Zt() => Za * 2; }

            [Optimizer(Arithmetic = Arithmetic.Fused)]
            public sealed partial record Zr : Zz
            {
                public new double Za { get; init; } = 0.2;
                public double Zb { get; init; } = 0.9;
                public double Zc { get; init; } = 10;
                public static readonly double Zd = 0.5;
                [RunningAverage(Decay = nameof(Zb), Correction = BiasCorrection.Published)] static double Ze(double gradient) => gradient;
                [RunningAverage(Window = nameof(Zc))] static double Zf(double gradient, double previousGradient) => gradient - previousGradient;
                [RunningAverage(Weight = nameof(Zg))] static double Zh(double gradient) => gradient * gradient;
                [Derived] double Zg(double gradient) => Zi(gradient, Zd);
                [Derived] double Zj(int step) => 1 - 1.0 / (step + Zc);
                [RunningAverage(Decay = nameof(Zj), Correction = BiasCorrection.Published)] double Zk(double gradient) => gradient * Zt();
                [Rate] double Zl(double zh) => Za / (Math.Sqrt(zh) + 1e-8);
                static double Zi(double Zx, double Zy) { double Zw = Zx; if (Zx > Zy) { Zw = Zy; } return Zw / 4; }
                [Derived] double Zm(double parameter, double ze) => parameter + Zc * ze;
                [Update] double Zu(double parameter, double ze, double previousZe, double zf, double zk, double previousZk, double zl, [GradientAt(nameof(Zm))] double Zo)
                    => parameter - zl * (ze + previousZe + zf + zk - previousZk + Zo);
            }
        }
        """;

    private const string Uniforms = """
        namespace Zn
        {
            static class Zs { public static readonly double Za = 2; }

            [Optimizer]
            public sealed partial class Zr
            {
                public double Za { get; init; } = 0.3;
                public int Zb { get; init; } = 3;
                public float Zc { get; init; } = 3;
                public bool Zd { get; init; } = true;
                public readonly double Ze = 0.5;
                double Zf => Za + Zs.Za;
                [State(Initial = nameof(Zf))] double Zg(double previousZg, int step) => step % Zb switch { 0 => 1, > 5 => 2, _ => 3 } + previousZg * Zc;
                [Derived] double Zh(int rows, int columns, int count, int rank, [PerTensor] double Zi, double loss) => Math.Clamp(Zi * loss, -Za, rows + columns + count + rank);
                [Reduce(Reduction.Mean, Scope = Scope.Row)] double Zj(double gradient) => gradient;
                [State] double Zk(double zj, double previousZk, [Uniform(Scope = Scope.Row)] double Zl) => zj + previousZk * Zl;
                [Derived] double Zm(double zj, double zk, double previousZj) { double Zx = zj * zk; double Zy = Zx * Zx * Za; return Zy + Zx + previousZj; }
                [Derived] bool Zo(double zg, int step) => zg > Za && Zd || step > Zb;
                [Update] double Zu(double parameter, double gradient, double zg, double zh, double zm, bool zo, [Rademacher] double Zp, [Gaussian(Scope = Scope.Column)] double Zq)
                    => parameter - gradient * (zo ? zg * Za + zh / Zc + zm * Ze + Zb : Zf * Zp + Math.Tanh(Zq) + 0.25 + 0.125 * Math.FusedMultiplyAdd(Za, zg, Zc) + Math.Exp(-Za) * zm);
            }
        }
        """;

    private const string Nested = """
        namespace Zn
        {
            public partial class Zo<Zt> where Zt : class
            {
                public partial record struct Zm
                {
                    [Optimizer]
                    public sealed partial record Zr<Zs>(float Za = 0.1f, float Zb = 2, int Zc = 5, float Zd = 1)
                    {
                        [State(Initial = nameof(Zd))] float Ze(int step, float previousZe) => step % Zc == 0 ? previousZe / 2 : previousZe;
                        [RunningAverage(Window = nameof(Zc))] static float Zf(float gradient, float previousGradient) => gradient - previousGradient;
                        [Derived] bool Zg(float zf, float previousZf) => zf > previousZf && !(zf == 0);
                        [Reduce(Reduction.Sum)] static float Zi(float gradient) => gradient * gradient;
                        [Rate] float Zh(bool zg, float ze, float gradient, float zi)
                        {
                            if (zg) { return Za * ze; }
                            float Zx = Math.Clamp(gradient, -Zb, Zb);
                            return Za * RuleMath.Sign(Zx) * MathF.Abs(Zx) + zi;
                        }

                        [Update] static float Zu(float parameter, float gradient, float zh) => parameter - zh * gradient;
                    }
                }
            }
        }
        """;
}
