namespace OptDsl.Runtime.Tests.Kernels;

/// <summary>The platform's own functions of one number.</summary>
internal abstract class ScalarReference<T>
{
    internal abstract T Negate(T a);

    internal abstract T Sqrt(T a);

    internal abstract T Abs(T a);

    internal abstract T Sign(T a);

    internal abstract T Floor(T a);

    internal abstract T Ceiling(T a);

    internal abstract T Truncate(T a);

    internal abstract T Round(T a);

    internal abstract T Add(T a, T b);

    internal abstract T Subtract(T a, T b);

    internal abstract T Multiply(T a, T b);

    internal abstract T Divide(T a, T b);

    internal abstract T Min(T a, T b);

    internal abstract T Max(T a, T b);

    internal abstract T CopySign(T a, T b);

    internal abstract T MultiplyAdd(T a, T b, T c);
}

internal sealed class FloatReference : ScalarReference<float>
{
    internal override float Negate(float a) => -a;

    internal override float Sqrt(float a) => MathF.Sqrt(a);

    internal override float Abs(float a) => MathF.Abs(a);

    internal override float Sign(float a) => float.IsNaN(a) || a == 0 ? a : Math.Sign(a);

    internal override float Floor(float a) => MathF.Floor(a);

    internal override float Ceiling(float a) => MathF.Ceiling(a);

    internal override float Truncate(float a) => MathF.Truncate(a);

    internal override float Round(float a) => MathF.Round(a);

    internal override float Add(float a, float b) => a + b;

    internal override float Subtract(float a, float b) => a - b;

    internal override float Multiply(float a, float b) => a * b;

    internal override float Divide(float a, float b) => a / b;

    internal override float Min(float a, float b) => MathF.Min(a, b);

    internal override float Max(float a, float b) => MathF.Max(a, b);

    internal override float CopySign(float a, float b) => MathF.CopySign(a, b);

    internal override float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);
}

internal sealed class DoubleReference : ScalarReference<double>
{
    internal override double Negate(double a) => -a;

    internal override double Sqrt(double a) => Math.Sqrt(a);

    internal override double Abs(double a) => Math.Abs(a);

    internal override double Sign(double a) => double.IsNaN(a) || a == 0 ? a : Math.Sign(a);

    internal override double Floor(double a) => Math.Floor(a);

    internal override double Ceiling(double a) => Math.Ceiling(a);

    internal override double Truncate(double a) => Math.Truncate(a);

    internal override double Round(double a) => Math.Round(a);

    internal override double Add(double a, double b) => a + b;

    internal override double Subtract(double a, double b) => a - b;

    internal override double Multiply(double a, double b) => a * b;

    internal override double Divide(double a, double b) => a / b;

    internal override double Min(double a, double b) => Math.Min(a, b);

    internal override double Max(double a, double b) => Math.Max(a, b);

    internal override double CopySign(double a, double b) => Math.CopySign(a, b);

    internal override double MultiplyAdd(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c);
}
