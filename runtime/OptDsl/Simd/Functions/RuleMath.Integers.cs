namespace OptDsl;

/// <content>
/// For an int argument C# chooses float instead of double. A double rule would silently lose half its digits at <c>RuleMath.Log(step)</c>.
/// These overloads take such calls and make them compiler errors.
/// </content>
public static partial class RuleMath
{
    private const string Advice = "C# would convert an int to float here: cast it to double, or to float in a float rule.";

    /// <summary>Always an error: cast the argument.</summary>
    [Obsolete(Advice, error: true)]
    public static double Exp(int x) => Exp((double)x);

    /// <summary>Always an error: cast the argument.</summary>
    [Obsolete(Advice, error: true)]
    public static double Log(int x) => Log((double)x);

    /// <summary>Always an error: cast the argument.</summary>
    [Obsolete(Advice, error: true)]
    public static double Log2(int x) => Log2((double)x);

    /// <summary>Always an error: cast the argument.</summary>
    [Obsolete(Advice, error: true)]
    public static double Sin(int x) => Sin((double)x);

    /// <summary>Always an error: cast the argument.</summary>
    [Obsolete(Advice, error: true)]
    public static double Cos(int x) => Cos((double)x);

    /// <summary>Always an error: cast the argument.</summary>
    [Obsolete(Advice, error: true)]
    public static double Tanh(int x) => Tanh((double)x);

    /// <summary>Always an error: cast the argument.</summary>
    [Obsolete(Advice, error: true)]
    public static double Atan(int x) => Atan((double)x);

    /// <summary>Always an error: cast the argument.</summary>
    [Obsolete(Advice, error: true)]
    public static double Cbrt(int x) => Cbrt((double)x);

    /// <summary>Always an error: cast the argument.</summary>
    [Obsolete(Advice, error: true)]
    public static double Sign(int x) => Sign((double)x);

    /// <summary>Always an error: cast the arguments.</summary>
    [Obsolete(Advice, error: true)]
    public static double Atan2(int y, int x) => Atan2((double)y, (double)x);

    /// <summary>Always an error: cast the arguments.</summary>
    [Obsolete(Advice, error: true)]
    public static double Pow(int x, int y) => Pow((double)x, (double)y);

    /// <summary>Always an error: cast the arguments.</summary>
    [Obsolete(Advice, error: true)]
    public static double Hypot(int x, int y) => Hypot((double)x, (double)y);
}
