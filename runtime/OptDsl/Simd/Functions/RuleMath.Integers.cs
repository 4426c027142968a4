namespace OptDsl;

/// <content>
/// For an int C# prefers float to double: a double rule would lose half its digits at <c>RuleMath.Log(step)</c>, and nothing would say
/// so. These take such calls and refuse them.
/// </content>
public static partial class RuleMath
{
    private const string Advice = "C# would take an int for a float here: cast it to double, or to float in a float rule.";

    /// <summary>Refused: cast the argument.</summary>
    [Obsolete(Advice, error: true)]
    public static double Exp(int x) => Exp((double)x);

    /// <summary>Refused: cast the argument.</summary>
    [Obsolete(Advice, error: true)]
    public static double Log(int x) => Log((double)x);

    /// <summary>Refused: cast the argument.</summary>
    [Obsolete(Advice, error: true)]
    public static double Log2(int x) => Log2((double)x);

    /// <summary>Refused: cast the argument.</summary>
    [Obsolete(Advice, error: true)]
    public static double Sin(int x) => Sin((double)x);

    /// <summary>Refused: cast the argument.</summary>
    [Obsolete(Advice, error: true)]
    public static double Cos(int x) => Cos((double)x);

    /// <summary>Refused: cast the argument.</summary>
    [Obsolete(Advice, error: true)]
    public static double Tanh(int x) => Tanh((double)x);

    /// <summary>Refused: cast the argument.</summary>
    [Obsolete(Advice, error: true)]
    public static double Atan(int x) => Atan((double)x);

    /// <summary>Refused: cast the argument.</summary>
    [Obsolete(Advice, error: true)]
    public static double Cbrt(int x) => Cbrt((double)x);

    /// <summary>Refused: cast the argument.</summary>
    [Obsolete(Advice, error: true)]
    public static double Sign(int x) => Sign((double)x);

    /// <summary>Refused: cast the arguments.</summary>
    [Obsolete(Advice, error: true)]
    public static double Atan2(int y, int x) => Atan2((double)y, (double)x);

    /// <summary>Refused: cast the arguments.</summary>
    [Obsolete(Advice, error: true)]
    public static double Pow(int x, int y) => Pow((double)x, (double)y);

    /// <summary>Refused: cast the arguments.</summary>
    [Obsolete(Advice, error: true)]
    public static double Hypot(int x, int y) => Hypot((double)x, (double)y);
}
