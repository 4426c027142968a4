using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OptDsl.Benchmarks;

/// <summary>The C kernels, compiled on this machine into a temporary shared library.</summary>
internal sealed class RivalLibrary
{
    // Not -march=native: on a processor with AVX-512 it makes these loops 0 to 2 % slower.
    internal const string Flags = "-O3 -mavx2 -mfma -ffp-contract=off -fPIC -shared";

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

        if (Run("cc", $"{Flags} -o {library} {source} -lm") is null)
        {
            directory.Delete(recursive: true);
            reason = "the C compiler failed";
            return null;
        }

        reason = "";
        return new RivalLibrary(NativeLibrary.Load(library), library, version.Split('\n')[0]);
    }

    internal nint Function(string name) => NativeLibrary.GetExport(handle, name);

    /// <summary>
    /// Whether Adam's loops are what they claim: four square roots and four divisions of whole vectors, none of a single
    /// number. Null without a disassembler.
    /// </summary>
    internal string? CheckDisassembly(out bool strong)
    {
        var findings = new List<string>();
        strong = true;
        foreach (string loop in new[] { "adam_fused_loop", "adam_strict_loop" })
        {
            string? text = Run("objdump", $"-d --no-show-raw-insn --disassemble={loop} {path}");
            if (text is null)
            {
                return null;
            }

            int roots = Count(text, "vsqrtps"), divisions = Count(text, "vdivps"), fused = Count(text, "vfm");
            int scalar = Count(text, "sqrtss") + Count(text, "divss");
            strong &= roots == 4 && divisions == 4 && scalar == 0 && fused == (loop == "adam_fused_loop" ? 8 : 0);
            findings.Add($"{loop} {roots} vsqrtps, {divisions} vdivps, {fused} vfmadd, {scalar} scalar");
        }

        return string.Join("; ", findings);
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
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
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
