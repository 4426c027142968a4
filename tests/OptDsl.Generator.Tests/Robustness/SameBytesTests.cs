using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Robustness;

/// <summary>A kernel is a function of the rule's meaning: not of where, when, in what order or in which culture it is made.</summary>
public class SameBytesTests
{
    private static readonly string[] Files =
    [
        SampleRules.Adam,
        SampleRules.Everything,
        RobustnessSamples.Branching,
        "[Optimizer] public sealed partial record Split(double Rate = -1.5e-7) { [Update] double Update(double parameter, double second, double first) => parameter - Rate * first * second * -0.25; }",
        "partial record Split { [State(Initial = -2.5)] static double Second(double gradient, double previousSecond) => gradient + previousSecond * 1e300; }",
        "partial record Split { [State] static double First(double gradient, double previousFirst) => gradient > 12345.678 ? previousFirst : -gradient; }",
    ];

    private static readonly string Expected = Emit(RuleCompilation.Create(Files));

    public static TheoryData<string, string, string, string, string> Cultures => new()
    {
        { "tr-TR", ",", ".", "-", "%" },
        { "de-DE", ",", ".", "-", "%" },
        { "ar-SA", "\u066B", "\u066C", "\u061C-", "\u066A" },
        { "fa-IR", "\u066B", "\u066C", "\u200E\u2212", "\u066A" },
        { "sv-SE", ",", "\u00A0", "\u2212", "%" },
    };

    /// <summary>The processes here know no culture but the invariant one: these are made after the named ones.</summary>
    [Theory]
    [MemberData(nameof(Cultures))]
    public void In_every_culture(string name, string point, string group, string minus, string percent)
    {
        Assert.NotEmpty(name);
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        NumberFormatInfo numbers = culture.NumberFormat;
        (numbers.NumberDecimalSeparator, numbers.NumberGroupSeparator, numbers.NegativeSign, numbers.PercentSymbol) = (point, group, minus,
            percent);
        numbers.NativeDigits = [.. Enumerable.Range(0, 10).Select(digit => ((char)('\u0660' + digit)).ToString())];
        numbers.DigitSubstitution = DigitShapes.NativeNational;
        (CultureInfo before, CultureInfo beforeUi) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
            Assert.Equal(Expected, Emit(RuleCompilation.Create(Files)));
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (before, beforeUi);
        }
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    [InlineData("\u2028")]
    public void With_every_line_ending(string ending)
    {
        Assert.DoesNotContain('\r', Expected);
        Assert.Equal(Expected,
            Emit(RuleCompilation.Create([.. Files.Select(file => file.Replace("\n", ending, StringComparison.Ordinal))])));
    }

    [Fact]
    public void With_other_trivia_between_all_tokens()
    {
        string[] commented = [.. Files.Select(file =>
            string.Concat(TokenEdits.Tokens(file).Select(token => token.Text + " /* \r\n why */ // and how\r\n\t")))];
        Assert.Equal(Expected, Emit(RuleCompilation.Create(commented)));
    }

    [Fact]
    public void In_every_order_of_files()
    {
        var random = new Random(1);
        for (int i = 0; i < 20; i++)
        {
            string[] shuffled = [.. Files];
            random.Shuffle(shuffled);
            Assert.Equal(Expected, Emit(RuleCompilation.Create(shuffled)));
        }
    }

    [Fact]
    public void Under_every_path_and_in_every_assembly()
    {
        CSharpCompilation compilation = RuleCompilation.Create(Files);
        foreach (string place in (string[])["/elsewhere/", @"C:\Elsewhere\", "../", ""])
        {
            CSharpCompilation moved = compilation.WithAssemblyName("Elsewhere" + place.Length);
            foreach (SyntaxTree tree in moved.SyntaxTrees)
            {
                moved = moved.ReplaceSyntaxTree(tree, tree.WithFilePath(place.Length == 0 ? "" : place + tree.FilePath));
            }

            Assert.Equal(Expected, Emit(moved));
        }
    }

    /// <summary>The emitted files with their names, in the order of these.</summary>
    private static string Emit(CSharpCompilation compilation)
        => string.Join("\n",
            GeneratorHarness.Run(compilation).OrderBy(file => file.Key, StringComparer.Ordinal)
                .Select(file => $"{file.Key}\n{file.Value}"));
}
