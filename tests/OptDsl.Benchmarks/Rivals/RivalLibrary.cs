using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace OptDsl.Benchmarks;

/// <summary>The arithmetic in a loop: vector roots, divisions and multiply-adds, scalar operations, calls.</summary>
internal readonly record struct LoopContent(int Roots = 0, int Divisions = 0, int Fused = 0, int Scalar = 0, int Calls = 0);

/// <summary>The C kernels, compiled on this machine into a temporary shared library.</summary>
internal sealed class RivalLibrary
{
    // Not -march=native: on a processor with AVX-512 it makes these loops 0 to 2 % slower.
    internal const string Flags = "-O3 -mavx2 -mfma -ffp-contract=off -fPIC -shared";

    /// <summary>What each loop must be made of to be the strong rival: four of everything, whole vectors only.</summary>
    internal static readonly IReadOnlyList<(string Name, LoopContent Due)> Loops =
    [
        ("adam_fused", new(Roots: 4, Divisions: 4, Fused: 8)),
        ("adam_strict", new(Roots: 4, Divisions: 4)),
        ("adam_torch", new(Roots: 4, Divisions: 8, Fused: 8)),
        ("adamw_fused", new(Roots: 4, Divisions: 4, Fused: 12)),
        ("adamw_strict", new(Roots: 4, Divisions: 4)),
        ("momentum_fused", new(Fused: 8)),
        ("momentum_strict", default),
        ("rmsprop_fused", new(Roots: 4, Divisions: 4, Fused: 4)),
        ("rmsprop_strict", new(Roots: 4, Divisions: 4)),
        ("lion_fused", new(Fused: 12)),
        ("lion_strict", default),
        ("bandwidth", new(Fused: 12)),
    ];

    private static readonly Regex ScalarArithmetic = new(@"\sv(sqrt|div|mul|add|sub|fn?m(add|sub)[0-9]+)ss\s",
        RegexOptions.CultureInvariant);

    private readonly nint handle;
    private readonly string path;

    private RivalLibrary(nint handle, string path, string compiler)
    {
        this.handle = handle;
        this.path = path;
        Compiler = compiler;
    }

    /// <summary>The first line of the compiler's version.</summary>
    internal string Compiler { get; }

    /// <summary>Compiles and loads the library; null, with the reason, where that cannot be.</summary>
    internal static RivalLibrary? Build(out string reason)
    {
        if (!System.Runtime.Intrinsics.X86.Avx2.IsSupported || !System.Runtime.Intrinsics.X86.Fma.IsSupported || !OperatingSystem.IsLinux())
        {
            reason = "no AVX2 and FMA on Linux";
            return null;
        }

        string? version = Run("cc", "--version");
        if (version is null)
        {
            reason = "no C compiler";
            return null;
        }

        DirectoryInfo directory = Directory.CreateTempSubdirectory("optdsl-rival-");
        string source = Path.Combine(directory.FullName, "reference.c"), library = Path.Combine(directory.FullName, "reference.so");
        using (Stream text = typeof(RivalLibrary).Assembly.GetManifestResourceStream("reference.c")!)
        using (FileStream file = File.Create(source))
        {
            text.CopyTo(file);
        }

        if (Run("cc", $"{Flags} -o {library} {source} -lmvec -lm") is null)
        {
            directory.Delete(recursive: true);
            reason = "the C compiler failed";
            return null;
        }

        reason = "";
        return new RivalLibrary(NativeLibrary.Load(library), library, version.Split('\n')[0]);
    }

    internal nint Function(string name) => NativeLibrary.GetExport(handle, name);

    /// <summary>What the loops of <see cref="Loops"/> are made of, by disassembly; null without a disassembler.</summary>
    internal IReadOnlyDictionary<string, LoopContent>? Disassemble()
    {
        var contents = new Dictionary<string, LoopContent>();
        foreach ((string loop, _) in Loops)
        {
            string? text = Run("objdump", $"-d --no-show-raw-insn --disassemble={loop}_loop {path}");
            if (text is null)
            {
                return null;
            }

            contents.Add(loop, new(
                Roots: Count(text, "vsqrtps"),
                Divisions: Count(text, "vdivps"),
                Fused: Count(text, "vfmadd") + Count(text, "vfnmadd") + Count(text, "vfmsub"),
                Scalar: ScalarArithmetic.Count(text),
                Calls: Count(text, "call ")));
        }

        return contents;
    }

    /// <summary>Unloads the library and deletes it.</summary>
    internal void Delete()
    {
        NativeLibrary.Free(handle);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    private static int Count(string text, string mnemonic) => text.Split(mnemonic).Length - 1;

    private static string? Run(string program, string arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                Console.Error.WriteLine(errors.Result);
            }

            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
