using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Xunit;

namespace OptDsl.Package.Tests;

/// <summary>What is in the packages, and what is not.</summary>
[Collection(PackageCollection.Name)]
public sealed class PackageContentTests(PackedProject packed)
{
    [Fact]
    public void The_package_holds_runtime_generator_fixes_and_target()
        => Assert.Equal(
            [
                "OptDsl.nuspec",
                "README.md",
                "analyzers/dotnet/cs/OptDsl.CodeFixes.dll",
                "analyzers/dotnet/cs/OptDsl.Generator.dll",
                "build/net10.0/OptDsl.targets",
                "icon.png",
                "lib/net10.0/OptDsl.Runtime.dll",
                "lib/net10.0/OptDsl.Runtime.xml",
            ],
            Entries("OptDsl"));

    [Fact]
    public void Assertions_and_models_have_packages_of_their_own()
    {
        Assert.Equal(
            ["OptDsl.RuleAssert.nuspec", "README.md", "icon.png", "lib/net10.0/OptDsl.RuleAssert.dll", "lib/net10.0/OptDsl.RuleAssert.xml"],
            Entries("OptDsl.RuleAssert"));
        Assert.Equal(
            ["OptDsl.Models.nuspec", "README.md", "icon.png", "lib/net10.0/OptDsl.Models.dll", "lib/net10.0/OptDsl.Models.xml"],
            Entries("OptDsl.Models"));
    }

    [Fact]
    public void Dependencies_are_what_runs_and_no_compiler()
    {
        Assert.Equal(["System.Numerics.Tensors 10.0.0"], Dependencies("OptDsl"));
        Assert.Equal([$"OptDsl {packed.Version}"], Dependencies("OptDsl.RuleAssert"));
        Assert.Equal([$"OptDsl {packed.Version}", "MathNet.Numerics 5.0.0"], Dependencies("OptDsl.Models"));
        Assert.All(["OptDsl.Tool", "OptDsl.Templates"], package => Assert.Empty(Dependencies(package)));
    }

    [Fact]
    public void Each_has_licence_readme_icon_source_and_notes()
    {
        Assert.Equal(PackedProject.Packages,
            Directory.GetFiles(packed.Feed).Select(file => Path.GetFileName(file)[..^$".{packed.Version}.nupkg".Length])
                .Order(StringComparer.Ordinal));
        Assert.All(PackedProject.Packages, package =>
        {
            XElement metadata = Metadata(package);
            XElement Of(string name) => metadata.Element(metadata.Name.Namespace + name)!;
            Assert.Equal(("expression", "MIT"), (Of("license").Attribute("type")!.Value, Of("license").Value));
            Assert.Equal(("README.md", "icon.png"), (Of("readme").Value, Of("icon").Value));
            Assert.Contains("README.md", Entries(package));
            Assert.Contains("icon.png", Entries(package));
            Assert.Equal("git", Of("repository").Attribute("type")!.Value);
            Assert.StartsWith(Of("projectUrl").Value, Of("repository").Attribute("url")!.Value, StringComparison.Ordinal);
            Assert.EndsWith("CHANGELOG.md", Of("releaseNotes").Value, StringComparison.Ordinal);
            Assert.True(Of("description").Value.Length > 80, $"{package} has no description of its own.");
        });
    }

    /// <summary>A token that was left would be asked for as a version.</summary>
    [Fact]
    public void Templates_ask_for_the_versions_of_this_build()
    {
        using ZipArchive archive = ZipFile.OpenRead(packed.PathOf("OptDsl.Templates"));
        string All(string end) => string.Concat(archive.Entries.Where(entry => entry.FullName.EndsWith(end, StringComparison.Ordinal))
            .Select(entry => new StreamReader(entry.Open()).ReadToEnd()));
        Assert.Contains($"<OptDslVersion>{packed.Version}</OptDslVersion>", All("Directory.Build.props"), StringComparison.Ordinal);
        Assert.DoesNotContain("_VERSION", All(".csproj") + All(".props"), StringComparison.Ordinal);
    }

    /// <summary>Newer than the SDK's compiler means CS9057, and the generator is dropped.</summary>
    [Fact]
    public void The_compilers_assemblies_stay_outside_and_are_old_enough()
    {
        foreach ((string name, byte[] content) in Assemblies())
        {
            Assert.DoesNotContain("Microsoft.CodeAnalysis", name, StringComparison.Ordinal);
            using var file = new PEReader(new MemoryStream(content));
            MetadataReader reader = file.GetMetadataReader();
            foreach (AssemblyReference reference in reader.AssemblyReferences.Select(reader.GetAssemblyReference))
            {
                string referenced = reader.GetString(reference.Name);
                bool compiler = referenced.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal);
                Assert.True(!compiler || name.StartsWith("analyzers/", StringComparison.Ordinal), $"{name} needs {referenced}.");
                Assert.True(!compiler || reference.Version <= new Version(4, 14, 0, 0), $"{name} needs {referenced} {reference.Version}.");
            }
        }
    }

    [Fact]
    public void Assemblies_are_deterministic_carry_their_symbols_and_name_no_folder()
    {
        foreach ((string name, byte[] content) in Assemblies())
        {
            using var file = new PEReader(new MemoryStream(content));
            DebugDirectoryEntry[] entries = [.. file.ReadDebugDirectory()];
            Assert.Contains(entries, entry => entry.Type == DebugDirectoryEntryType.Reproducible);
            DebugDirectoryEntry symbols = Assert.Single(entries, entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
            using MetadataReaderProvider provider = file.ReadEmbeddedPortablePdbDebugDirectoryData(symbols);
            MetadataReader reader = provider.GetMetadataReader();
            string[] documents = [.. reader.Documents.Select(handle => reader.GetString(reader.GetDocument(handle).Name))];
            Assert.Contains(documents, document => document.StartsWith("/_/", StringComparison.Ordinal));
            Assert.All(documents,
                document =>
                    Assert.False(document.StartsWith(PackedProject.Repository(), StringComparison.Ordinal), $"{name} names {document}."));
        }
    }

    private IEnumerable<(string Name, byte[] Content)> Assemblies()
    {
        int found = 0;
        foreach (string package in (string[])["OptDsl", "OptDsl.RuleAssert", "OptDsl.Models"])
        {
            using ZipArchive archive = ZipFile.OpenRead(packed.PathOf(package));
            foreach (ZipArchiveEntry entry in archive.Entries.Where(entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal)))
            {
                using Stream stream = entry.Open();
                var memory = new MemoryStream();
                stream.CopyTo(memory);
                found++;
                yield return (entry.FullName, memory.ToArray());
            }
        }

        Assert.Equal(5, found);
    }

    /// <summary>All entries but those the format itself adds.</summary>
    private string[] Entries(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(packed.PathOf(package));
        return
        [
            .. archive.Entries.Select(entry => entry.FullName)
                .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal)
                    && !name.StartsWith("package/", StringComparison.Ordinal) && name != "[Content_Types].xml")
                .Order(StringComparer.Ordinal),
        ];
    }

    private string[] Dependencies(string package)
    {
        XElement metadata = Metadata(package);
        return [.. metadata.Descendants(metadata.Name.Namespace + "dependency")
            .Select(dependency => $"{dependency.Attribute("id")!.Value} {dependency.Attribute("version")!.Value}")];
    }

    private XElement Metadata(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(packed.PathOf(package));
        using Stream stream = archive.GetEntry(package + ".nuspec")!.Open();
        return XDocument.Load(stream).Root!.Elements().Single();
    }
}
