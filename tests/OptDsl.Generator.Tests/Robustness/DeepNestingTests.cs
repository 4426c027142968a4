using System.Runtime.ExceptionServices;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Robustness;

/// <summary>Depth gives a kernel or a diagnostic, on a stack of the size the compiler's own threads have.</summary>
public class DeepNestingTests
{
    private const int StackBytes = 1 << 20;

    public static TheoryData<string> Shapes => [.. DeepRules.Shapes];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Two_thousand_levels_are_a_kernel_or_a_diagnostic(string shape) => OnSmallStack(() =>
    {
        bool compile = RobustnessSamples.All || DeepRules.Nesting.Contains(shape);
        Assert.Null(Short(new FuzzedProject("", "").Check(DeepRules.Of(shape, 2000), compile)));
    });

    /// <summary>What a person may write must not only be refused politely: it must work.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forty_levels_are_a_kernel(string shape) => OnSmallStack(() =>
    {
        var project = new FuzzedProject("", "");
        Assert.Null(Short(project.Check(DeepRules.Of(shape, 40))));
        Assert.Equal(!DeepRules.Explosive.Contains(shape), project.Emitted > 0);
    });

    /// <summary>Shallow pieces, each on top of the one before: nothing that looks at depth as it is written stops them.</summary>
    [Theory]
    [InlineData("reverse members")]
    [InlineData("locals")]
    public void Five_thousand_pieces_are_a_kernel(string shape)
        => OnSmallStack(() => Assert.Single(GeneratorHarness.Run(RuleCompilation.Create(DeepRules.Of(shape, 5000)))));

    private static string? Short(string? failure) => failure is { Length: > 2000 } ? failure[..2000] : failure;

    private static void OnSmallStack(Action test)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    test();
                }
                catch (Exception exception)
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            },
            StackBytes);
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
