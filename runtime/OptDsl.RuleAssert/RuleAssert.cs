using System.Numerics;

namespace OptDsl;

/// <summary>
/// Assertions on rules, for test projects of any framework: what does not hold throws <see cref="RuleAssertionException"/>.
/// </summary>
/// <remarks>
/// Everything is deterministic: the values are functions of <see cref="RuleAssertOptions.Seed"/>. What a rule itself throws,
/// such as for a clamp with bounds out of order, passes through.
/// </remarks>
public static class RuleAssert
{
    /// <summary>
    /// A rule declared in double: on buffers of double its kernel equals the declaration bit for bit, at every width, length,
    /// alignment and number of threads; on buffers of float the widths and threads agree with each other. A fused rule is rounded
    /// otherwise than its declaration, so its widths and threads must agree with each other.
    /// </summary>
    /// <param name="rule">The rule.</param>
    /// <param name="options">What to try; the defaults if null.</param>
    /// <param name="cancellation">Observed before every step.</param>
    /// <typeparam name="TRule">The rule.</typeparam>
    /// <exception cref="RuleAssertionException">A bit differs, or a step wrote outside its parameters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void KernelEqualsDeclaration<TRule>(TRule rule, RuleAssertOptions? options = null,
        CancellationToken cancellation = default)
        where TRule : class, IUpdateRule<double>, IUpdateRule<float>
    {
        KernelEqualsDeclaration<double, TRule>(rule, options, cancellation);
        WidthsAgree<float, TRule>(rule, options, cancellation);
    }

    /// <summary>
    /// A rule declared in <typeparamref name="T"/>: its kernel equals the declaration bit for bit, at every width, length, alignment
    /// and number of threads; of a fused rule, they agree with each other.
    /// </summary>
    /// <typeparam name="T">The element the rule is declared in, float or double.</typeparam>
    /// <typeparam name="TRule">The rule.</typeparam>
    /// <param name="rule">The rule.</param>
    /// <param name="options">What to try; the defaults if null.</param>
    /// <param name="cancellation">Observed before every step.</param>
    /// <exception cref="RuleAssertionException">A bit differs, or a step wrote outside its parameters.</exception>
    /// <exception cref="ArgumentException">The rule is declared in double and <typeparamref name="T"/> is float.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void KernelEqualsDeclaration<T, TRule>(TRule rule, RuleAssertOptions? options = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (typeof(T) == typeof(float) && rule is IUpdateRule<double>)
        {
            throw new ArgumentException(
                $"{TRule.Schema.Name} is declared in double, so its float kernel is near the declaration and does not equal it; use {nameof(FloatDistance)}, or {nameof(WidthsAgree)}.", nameof(rule));
        }

        SideBySide<T, TRule>.Run(rule, options ?? new(), declaration: TRule.Schema.Arithmetic == Arithmetic.Strict, cancellation);
    }

    /// <summary>The kernel makes the same bits at every width, length, alignment and number of threads.</summary>
    /// <typeparam name="T">The element of the buffer, float or double.</typeparam>
    /// <typeparam name="TRule">The rule.</typeparam>
    /// <param name="rule">The rule.</param>
    /// <param name="options">What to try; the defaults if null.</param>
    /// <param name="cancellation">Observed before every step.</param>
    /// <exception cref="RuleAssertionException">A bit differs, or a step wrote outside its parameters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void WidthsAgree<T, TRule>(TRule rule, RuleAssertOptions? options = null, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        ArgumentNullException.ThrowIfNull(rule);
        SideBySide<T, TRule>.Run(rule, options ?? new(), declaration: false, cancellation);
    }

    /// <summary>
    /// One step of the float kernel lies near the same step of the declaration in double:
    /// |difference| &lt;= k 2^-24 max(|old parameter|, |new parameter|) for every parameter, each step from equal parameters and states.
    /// Meant for rules without a condition per parameter, which may take another way in float.
    /// </summary>
    /// <param name="rule">A rule declared in double.</param>
    /// <param name="maxDistance">The largest k allowed; at least 0. 2 to 7 for the library's rules.</param>
    /// <param name="options">
    /// What to try; the defaults if null. Of the widths and threads, which agree, the default ones are used, and no special values.
    /// </param>
    /// <param name="cancellation">Observed before every step.</param>
    /// <typeparam name="TRule">The rule.</typeparam>
    /// <returns>The largest k found.</returns>
    /// <exception cref="RuleAssertionException">A parameter is further away.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The distance is negative or NaN, or a hyperparameter or an option is out of its range.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static double FloatDistance<TRule>(TRule rule, double maxDistance, RuleAssertOptions? options = null,
        CancellationToken cancellation = default)
        where TRule : class, IUpdateRule<double>, IUpdateRule<float>
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (!(maxDistance >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(maxDistance), maxDistance, "The distance must be at least 0.");
        }

        return FloatComparison<TRule>.Run(rule, maxDistance, options ?? new(), cancellation);
    }

    /// <summary>
    /// A rule declared in double, on buffers of double and of float: an optimizer restored from a snapshot, another one or the same,
    /// continues with the same bits.
    /// </summary>
    /// <param name="rule">The rule.</param>
    /// <param name="options">What to try; the defaults if null. Widths, threads and special values are not varied.</param>
    /// <param name="cancellation">Observed before every step.</param>
    /// <typeparam name="TRule">The rule.</typeparam>
    /// <exception cref="RuleAssertionException">A parameter or state differs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void StateRoundTrip<TRule>(TRule rule, RuleAssertOptions? options = null, CancellationToken cancellation = default)
        where TRule : class, IUpdateRule<double>, IUpdateRule<float>
    {
        StateRoundTrip<double, TRule>(rule, options, cancellation);
        StateRoundTrip<float, TRule>(rule, options, cancellation);
    }

    /// <summary>An optimizer restored from a snapshot, another one or the same, continues with the same bits.</summary>
    /// <typeparam name="T">The element of the buffer, float or double.</typeparam>
    /// <typeparam name="TRule">The rule.</typeparam>
    /// <param name="rule">The rule.</param>
    /// <param name="options">What to try; the defaults if null. Widths, threads and special values are not varied.</param>
    /// <param name="cancellation">Observed before every step.</param>
    /// <exception cref="RuleAssertionException">A parameter or state differs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void StateRoundTrip<T, TRule>(TRule rule, RuleAssertOptions? options = null, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        ArgumentNullException.ThrowIfNull(rule);
        RoundTrip<T, TRule>.Run(rule, options ?? new(), cancellation);
    }
}
