using System.Text.Json;
using OptDsl.Benchmarks;
using Xunit;

namespace OptDsl.Conformance.Tests.Benchmarks;

/// <summary>A ratio means something only if the rival is strong, and computes the same.</summary>
public sealed class RivalTests(RivalTests.Compiled compiled) : IClassFixture<RivalTests.Compiled>
{
    public static TheoryData<string> Rules => [.. RuleContests.Rules];

    private RivalLibrary? Library => compiled.Library;

    /// <summary>Whole vectors only, and not one root, division or multiply-add more than the rule has.</summary>
    [Fact]
    public void The_C_loops_are_the_strong_rival()
    {
        Assert.SkipWhen(Library is null, compiled.Reason);
        IReadOnlyDictionary<string, LoopContent>? loops = Library.Disassemble();
        Assert.SkipWhen(loops is null, "There is no objdump.");
        Assert.Equal(RivalLibrary.Loops.Select(loop => (loop.Name, loop.Due)),
            RivalLibrary.Loops.Select(loop => (loop.Name, loops[loop.Name])));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_C_kernels_compute_what_the_rules_compute(string rule)
    {
        Assert.SkipWhen(Library is null, compiled.Reason);
        foreach (string arithmetic in (string[])["fused", "strict"])
        {
            RivalStep step = CRivals.Step(Library, $"{rule}_{arithmetic}", RuleContests.CheckingRate);
            Verify($"{rule}-{arithmetic}", step, new Shape(1, 1003), bitwise: arithmetic == "strict");
            Verify($"{rule}-{arithmetic}", step, new Shape(7, 45), bitwise: arithmetic == "strict");
        }
    }

    [Fact]
    public void PyTorchs_arithmetic_in_C_computes_what_Adam_computes()
    {
        Assert.SkipWhen(Library is null, compiled.Reason);
        Verify("adam-fused", CRivals.Step(Library, "adam_torch", RuleContests.CheckingRate), new Shape(1, 1003), bitwise: false);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_compositions_compute_what_the_rules_compute(string rule)
        => Verify(rule + "-fused", TensorPrimitivesRival.Step(rule, RuleContests.CheckingRate), new Shape(1, 2500), bitwise: false);

    [Fact]
    public void A_rival_that_computes_something_else_is_noticed()
    {
        using Contest contest = RuleContests.Create("adam-fused", TensorPrimitivesRival.Step("momentum", 1e-2), new Shape(1, 100), 1e-2,
            OnNonFinite.Throw, bitwise: false);
        Assert.Throws<InvalidOperationException>(contest.Verify);
    }

    [Fact]
    public void Rows_are_written_with_the_names_readers_expect()
    {
        string path = Path.GetTempFileName();
        try
        {
            Report.Save(path, [new Row("adam-fused", "float", 4096, 1, "c-avx2", 1.01, .99, 1, true) { Goal = .97 }]);
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
            JsonElement row = Assert.Single(document.RootElement.EnumerateArray());
            Assert.Equal(
                ["name", "element", "size", "threads", "competitor", "ratioP05", "ratioP50", "controlP05", "conclusive"],
                row.EnumerateObject().Select(property => property.Name));
            Assert.Equal(1.01, row.GetProperty("ratioP05").GetDouble());
            Assert.True(row.GetProperty("conclusive").GetBoolean());
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Verify(string name, RivalStep step, Shape shape, bool bitwise)
    {
        using Contest contest = RuleContests.Create(name, step, shape, RuleContests.CheckingRate, OnNonFinite.Throw, bitwise);
        contest.Verify();
    }

    /// <summary>The C kernels, compiled once.</summary>
    public sealed class Compiled : IDisposable
    {
        public Compiled()
        {
            Library = RivalLibrary.Build(out string reason);
            Reason = reason;
        }

        internal RivalLibrary? Library { get; }

        internal string Reason { get; }

        public void Dispose() => Library?.Delete();
    }
}
