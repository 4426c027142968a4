using System.Numerics;

namespace OptDsl;

/// <summary>
/// Assertions on rules, for test projects with any test framework. An assertion that fails throws <see cref="RuleAssertionException"/>.
/// </summary>
/// <remarks>
/// Everything is deterministic: the values are functions of <see cref="RuleAssertOptions.Seed"/>. An exception of the rule itself, for
/// instance for a clamp with bounds out of order, passes through.
/// </remarks>
public static class RuleAssert
{
    /// <summary>
    /// Asserts, for a rule declared in double, that its kernel on double buffers equals the declaration bit for bit, at every width,
    /// length, alignment and number of threads. On float buffers it asserts that all widths and numbers of threads give the same bits. A
    /// fused rule rounds differently from its declaration, so for it only this second check is made, for both element types.
    /// </summary>
    /// <param name="rule">The rule.</param>
    /// <param name="options">What to try; the defaults if null.</param>
    /// <param name="cancellation">Checked before every step.</param>
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
    /// Asserts, for a rule declared in <typeparamref name="T"/>, that its kernel equals the declaration bit for bit, at every width,
    /// length, alignment and number of threads. For a fused rule it asserts that all widths and numbers of threads give the same bits.
    /// </summary>
    /// <typeparam name="T">The element type of the declaration, float or double.</typeparam>
    /// <typeparam name="TRule">The rule.</typeparam>
    /// <param name="rule">The rule.</param>
    /// <param name="options">What to try; the defaults if null.</param>
    /// <param name="cancellation">Checked before every step.</param>
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

    /// <summary>Asserts that the kernel gives the same bits at every width, length, alignment and number of threads.</summary>
    /// <typeparam name="T">The element type of the buffer, float or double.</typeparam>
    /// <typeparam name="TRule">The rule.</typeparam>
    /// <param name="rule">The rule.</param>
    /// <param name="options">What to try; the defaults if null.</param>
    /// <param name="cancellation">Checked before every step.</param>
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
    /// Asserts that one step of the float kernel is close to the same step of the declaration in double: |difference| &lt;= k 2^-24
    /// max(|old parameter|, |new parameter|) for every parameter. Each step starts from equal parameters and states. Use it for rules
    /// without a condition per parameter, because a condition may have another outcome in float.
    /// </summary>
    /// <param name="rule">A rule declared in double.</param>
    /// <param name="maxDistance">The largest k allowed; at least 0. The library's rules need 2 to 7.</param>
    /// <param name="options">
    /// What to try; the defaults if null. Widths and threads are not varied, because they give the same bits. Special values are not used.
    /// </param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <typeparam name="TRule">The rule.</typeparam>
    /// <returns>The largest k found.</returns>
    /// <exception cref="RuleAssertionException">The distance of a parameter is larger than allowed.</exception>
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
            throw new ArgumentOutOfRangeException(nameof(maxDistance), maxDistance, "maxDistance must be at least 0 and not NaN.");
        }

        return FloatComparison<TRule>.Run(rule, maxDistance, options ?? new(), cancellation);
    }

    /// <summary>
    /// Asserts that an optimizer restored from a snapshot continues with the same bits. It tries the same optimizer and another one. The
    /// rule is declared in double; double and float buffers are tried.
    /// </summary>
    /// <param name="rule">The rule.</param>
    /// <param name="options">What to try; the defaults if null. Widths, threads and special values are not varied.</param>
    /// <param name="cancellation">Checked before every step.</param>
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

    /// <summary>
    /// Asserts that an optimizer restored from a snapshot continues with the same bits. It tries the same optimizer and another one.
    /// </summary>
    /// <typeparam name="T">The element type of the buffer, float or double.</typeparam>
    /// <typeparam name="TRule">The rule.</typeparam>
    /// <param name="rule">The rule.</param>
    /// <param name="options">What to try; the defaults if null. Widths, threads and special values are not varied.</param>
    /// <param name="cancellation">Checked before every step.</param>
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
