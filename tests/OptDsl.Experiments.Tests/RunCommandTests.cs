using System.Text.Json;
using System.Xml.Linq;
using OptDsl.Testing;

namespace OptDsl.Experiments.Tests;

public class RunCommandTests
{
    [Fact]
    public void A_run_leaves_a_report_its_pictures_and_its_numbers()
    {
        using var sandbox = new Sandbox();
        (int exit, string words, string errors) = CommandRun.Run("run", "s27", "s18", "--output", sandbox.In("out"), "--seed", "7");
        Assert.Equal("", errors);
        Assert.Equal(CommandLine.Success, exit);
        Assert.Contains("Relative squared error", words, StringComparison.Ordinal);
        Assert.Equal(["S27-error-points.csv", "S27-error.svg", "S27-table.csv", "report.html", "result.json"],
            Files(sandbox.In("out/S27")));
        string report = File.ReadAllText(sandbox.In("out/S27/report.html"));
        Assert.Contains("Accelerated SGD under interpolation", report, StringComparison.Ordinal);
        Assert.Contains("data:image/svg+xml;base64,", report, StringComparison.Ordinal);

        // Drawn as XML, with one path a curve of thousands of steps.
        XElement picture = XDocument.Parse(File.ReadAllText(sandbox.In("out/S27/S27-error.svg"))).Root!;
        Assert.Equal(3,
            picture.Elements().Count(element => element.Name.LocalName == "path" && element.Attribute("d")!.Value.Length > 1000));
        using var rows = JsonDocument.Parse(File.ReadAllBytes(sandbox.In("out/S27/result.json")));
        Assert.All(rows.RootElement.EnumerateArray(), row => Assert.Equal(7, row.GetProperty("seed").GetInt32()));

        // The second run replaces the first, and no file of anybody else.
        Assert.Equal(CommandLine.Success, CommandRun.Run("run", "S18", "--output", sandbox.In("out")).Exit);
        File.WriteAllText(sandbox.In("out/S18/mine.txt"), "");
        (exit, words, errors) = CommandRun.Run("run", "S18", "--output", sandbox.In("out"));
        Assert.Equal(CommandLine.BadInput, exit);
        Assert.Contains("mine.txt", errors, StringComparison.Ordinal);
        Assert.Empty(words);
    }

    [Fact]
    public void A_documentation_folder_receives_a_page_and_its_pictures()
    {
        using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox.In("docs"));
        (int exit, _, string errors) = CommandRun.Run("run", "S18", "--output", sandbox.In("out"), "--docs", sandbox.In("docs"));
        Assert.Equal("", errors);
        Assert.Equal(CommandLine.Success, exit);
        string text = File.ReadAllText(sandbox.In("docs/experiments/S18.md"));
        Assert.Contains("# S18: The best batch size is 16 sigma² / g² and its learning rate 1 / (2L)", text, StringComparison.Ordinal);
        Assert.Contains("| batch size | 130.6122 | 130.6122 |", text, StringComparison.Ordinal);
        Assert.Contains("](../pictures/S18-progress.svg)", text, StringComparison.Ordinal);
        Assert.True(File.Exists(sandbox.In("docs/pictures/S18-progress.svg")));

        // Nothing is random in S18: the page of the repository is this one.
        Assert.Equal(File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "experiments", "S18.md")).ReplaceLineEndings("\n"), text);

        // What is no folder is refused before anything runs.
        (exit, string words, errors) = CommandRun.Run("run", "S18", "--output", sandbox.In("out"), "--docs", sandbox.In("nowhere"));
        Assert.Equal(CommandLine.BadInput, exit);
        Assert.Contains("nowhere is not a directory", errors, StringComparison.Ordinal);
        Assert.Empty(words);
    }

    /// <summary>The user's images: all of them, or a word on what is wrong before anything runs.</summary>
    [Fact]
    public void S42_runs_on_images_of_the_users()
    {
        using var sandbox = new Sandbox();
        string images = sandbox.Write("images.gz", MalformedInputTests.Compress(MalformedInputTests.Images(60, 4, 5)));
        string labels = sandbox.Write("labels", [0, 0, 8, 1, 0, 0, 0, 60, .. Enumerable.Range(0, 60).Select(i => (byte)(i % 10))]);
        string few = sandbox.Write("few", [0, 0, 8, 1, 0, 0, 0, 2, 1, 2]), torn = sandbox.Write("torn", [0, 0, 8, 1, 0, 0, 0, 9, 1, 2]);
        (int exit, string words, string errors) = CommandRun.Run("run", "S42", "--output", sandbox.In("out"), "--images", images,
            "--labels", labels);
        Assert.Equal("", errors);
        Assert.Equal(CommandLine.Success, exit);
        Assert.Contains("50 images of 20 pixels", words, StringComparison.Ordinal);
        foreach ((string[] arguments, string error) in new (string[], string)[]
        {
            (["S42", "--images", images], "belong together"),
            (["S18", "--images", images, "--labels", labels], "S18 reads none"),
            (["S42", "--images", images, "--labels", few], "has 2 labels"),
            (["S42", "--images", images, "--labels", torn], "holds 2 of the 9 labels"),
            (["S42", "--images", images, "--labels", images], "magic number of IDX labels"),
            (["S42", "--images", labels, "--labels", labels], "Give the images file"),
        })
        {
            (exit, words, errors) = CommandRun.Run(["run", .. arguments, "--output", sandbox.In("out")]);
            Assert.Equal(CommandLine.BadInput, exit);
            Assert.Contains(error, errors, StringComparison.Ordinal);
            Assert.Empty(words);
        }
    }

    /// <summary>Every system has its page, with its words, its claims and pictures that are there; and the index names it.</summary>
    [Fact]
    public void Every_system_has_its_page_and_its_row_of_the_index()
    {
        string folder = Path.Combine(RepositoryRoot(), "docs", "experiments"), index = File.ReadAllText(Path.Combine(folder, "README.md"));
        foreach (VerificationSystem system in Registry.All)
        {
            string page = File.ReadAllText(Path.Combine(folder, $"{system.Id}.md")).ReplaceLineEndings("\n");
            Assert.True(system.Text.Length > 10, $"{system.Id} has no words.");
            Assert.Contains($"# {system.Id}: {system.Title}\n\n{system.Text.ReplaceLineEndings("\n")}\n", page, StringComparison.Ordinal);
            Assert.Contains($"| [{system.Id}]({system.Id}.md) | {system.Title.Replace("|", "\\|", StringComparison.Ordinal)} |", index,
                StringComparison.Ordinal);
            Assert.All(Claims.All.Where(claim => claim.System == system.Id),
                claim => Assert.Contains(claim.Text.Replace("|", "\\|", StringComparison.Ordinal), page, StringComparison.Ordinal));
            foreach (string picture in page.Split("](../pictures/").Skip(1)
                .Select(rest => rest[..rest.IndexOf(')', StringComparison.Ordinal)]))
            {
                Assert.True(File.Exists(Path.Combine(folder, "..", "pictures", picture)), $"docs/pictures/{picture} is shown and not there.");
            }
        }
    }

    [Fact]
    public void A_picture_of_nothing_and_one_of_a_single_point_are_drawn()
    {
        Assert.Contains("<svg", new Picture("a", "A", "x", "y").ToSvg(), StringComparison.Ordinal);
        string svg = new Picture("a", "A", "x", "y", new Curve("c", [(2, 3)], CurveKind.Dots),
            new Curve("<&>", [(2, double.NaN)]))
        { LogarithmicX = true, LogarithmicY = true }.ToSvg();
        Assert.DoesNotContain("NaN", XDocument.Parse(svg).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_refuses_a_row_of_another_length()
        => Assert.Throws<ArgumentException>(() => new DataTable("a", "A", "x", "y").Row("one"));

    private static IEnumerable<string> Files(string directory)
        => Directory.EnumerateFiles(directory).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal);

    private static string RepositoryRoot([System.Runtime.CompilerServices.CallerFilePath] string here = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
