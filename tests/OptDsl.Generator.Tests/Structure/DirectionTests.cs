using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Structure;

/// <summary>
/// The way through each project is one way: a folder names only what the list allows it, and the list has no circle. Whoever adds a line
/// says why.
/// </summary>
public class DirectionTests
{
    /// <summary>A folder, those it may name, and why.</summary>
    private static readonly (string Folder, string[] MayName, string Why)[] Generator =
    [
        ("Model", [], "plain values: everything else is about them"),
        ("Language", ["Model"], "what the language has: operations, names, types, ranges, and how a formula is printed"),
        ("Diagnostics", ["Model"], "a diagnostic as a plain value"),
        ("Parsing", ["Model", "Language", "Diagnostics"], "symbols to a rule, and what is wrong with them"),
        ("Lowering", ["Model", "Language"], "a rule to passes"),
        ("Analysis/Ranges", ["Model", "Language"], "where values lie"),
        ("Analysis/Report", ["Model", "Language", "Lowering", "Analysis/Ranges"], "what a rule and its passes say"),
        ("Analysis", ["Model", "Language", "Diagnostics", "Parsing", "Analysis/Ranges", "Analysis/Report"],
            "warnings, at the places that parsing knows"),
        ("Emission/Text", ["Model", "Language"], "names and lines that all emitters share"),
        ("Emission/Host", ["Model", "Language", "Lowering", "Emission/Text"], "what runs once per step, and the reference"),
        ("Emission/Cpu", ["Model", "Language", "Lowering", "Emission/Text"], "the loops over the parameters"),
        ("Emission", ["Model", "Language", "Lowering", "Emission/Text", "Emission/Host", "Emission/Cpu"], "one file of all that"),
        (".", ["Model", "Language", "Diagnostics", "Parsing", "Lowering", "Analysis/Report", "Emission"], "parse, lower, report, emit"),
    ];

    [Fact]
    public void The_generator_goes_one_way() => Require("generator/OptDsl.Generator", Generator, GeneratorReferences);

    private static readonly (string Folder, string[] MayName, string Why)[] Models =
    [
        ("Checks", [], "arguments and names, the same in every model"),
        ("Entries", ["Checks"], "entries of matrices and tensors that are known, and what one costs"),
        ("Linear", [], "sparse products, and norms of vectors"),
        ("Tensors", ["Entries"], "working memory of tensor models"),
        ("Analysis", ["Checks", "Linear"], "what is computed about matrices and losses, not by training"),
        ("Baselines", ["Analysis", "Checks"], "answers that training is compared with"),
        ("Factorizations", ["Analysis", "Checks", "Entries", "Linear", "Tensors"],
            "shapes and working memory; a loss asks them for products"),
        ("Losses", ["Analysis", "Checks", "Entries", "Factorizations", "Linear", "Tensors"], "values and gradients"),
        ("Steps", ["Losses"], "searches along a loss"),
        ("Training", ["Losses"], "the loop around a loss"),
        ("Recommenders", ["Checks", "Factorizations", "Losses", "Training"], "a factorization trained by the loop"),
        ("Draws", [], "samples, their diagnostics and files"),
        ("Samplers", ["Draws", "Linear", "Losses"], "what draws from a loss or a density"),
        ("Scaling", [], "rates and windows by batch size"),
    ];

    [Fact]
    public void The_models_go_one_way() => Require("runtime/OptDsl.Models", Models, RuleCompilation.References);

    private static readonly (string Folder, string[] MayName, string Why)[] Runtime =
    [
        ("Declarations", [], "the attributes of a rule"),
        ("Memory", [], "aligned memory, and norms that do not overflow"),
        ("Threads", [], "who runs what, and who uses a buffer"),
        ("Reports", [], "what the generator says of a rule"),
        ("Simd", [], "vectors of one width, as emitted code names them"),
        ("Simd/Functions", ["Simd"], "functions of a vector, and of one number"),
        ("Simd/Noise", ["Simd", "Simd/Functions"], "random draws of a vector"),
        ("Linear", ["Simd", "Threads"], "products of matrices"),
        ("Rules", ["Declarations", "Simd/Functions"], "rules of the literature, as an author would write them"),
        ("Checkpoints", ["Contract", "Declarations", "Engine", "Optimizers", "Parameters"],
            "files; an optimizer saves what its engine holds"),
        ("Schedules", ["Checkpoints"], "rates by step; one that learns is saved"),
        ("Contract", ["Declarations", "Memory", "Parameters", "Simd", "Simd/Noise"],
            "what emitted code names beside vectors; a frame knows its tensor"),
        ("Engine", ["Contract", "Declarations", "Memory", "Optimizers", "Parameters", "Simd", "Simd/Noise", "Threads"],
            "how a step is made; groups, states and options are the face's"),
        ("Optimizers", ["Checkpoints", "Contract", "Declarations", "Engine", "Memory", "Parameters", "Simd", "Simd/Noise"],
            "the face of a step"),
        ("Parameters", ["Checkpoints", "Contract", "Memory", "Optimizers", "Threads"], "the face of a buffer, which makes its optimizers"),
    ];

    // The face of the runtime, the engine behind it and the contract between it and emitted code know each other: a buffer makes an
    // optimizer, which asks its engine, which steps the groups and states of that optimizer over the tensors of that buffer. Everything
    // else lies below or above them.
    private static readonly string[] Knot = ["Checkpoints", "Contract", "Engine", "Optimizers", "Parameters"];

    [Fact]
    public void The_runtime_goes_one_way() => Require("runtime/OptDsl", Runtime, RuleCompilation.References, Knot);

    private static IEnumerable<MetadataReference> GeneratorReferences
        => [.. RuleCompilation.Create("").References,
            .. Assemblies(typeof(Compilation), typeof(Microsoft.CodeAnalysis.CSharp.CSharpCompilation))];

    private static IEnumerable<MetadataReference> Assemblies(params Type[] types)
        => types.Select(type => MetadataReference.CreateFromFile(type.Assembly.Location));

    private static void Require(string project, (string Folder, string[] MayName, string Why)[] allowed,
        IEnumerable<MetadataReference> references, params string[] knot)
    {
        HashSet<string> known = [.. knot];
        foreach ((string folder, string[] mayName, string why) in allowed)
        {
            Assert.NotEmpty(why);
            Assert.True(known.IsSupersetOf(mayName), $"{folder} may name a folder that the list has not had yet: a circle.");
            known.Add(folder);
        }

        SortedDictionary<(string From, string To), string> found = FolderGraph.Of(Path.Combine(Root(), project), references);
        Dictionary<string, string[]> rows = allowed.ToDictionary(row => row.Folder, row => row.MayName);
        string[] wrong = [.. found.Where(pair => !rows.TryGetValue(pair.Key.From, out string[]? mayName) || !mayName.Contains(pair.Key.To))
            .Select(pair => $"{pair.Key.From} names {pair.Key.To} ({pair.Value})")];
        Assert.True(wrong.Length == 0, string.Join("\n", wrong));

        // A line that nothing needs would hide the next one.
        string[] idle = [.. allowed.SelectMany(row => row.MayName.Where(to => !found.ContainsKey((row.Folder, to)))
            .Select(to => $"{row.Folder} need not name {to}"))];
        Assert.True(idle.Length == 0, string.Join("\n", idle));
    }

    private static string Root([CallerFilePath] string file = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
