using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;

namespace OptDsl.Experiments.Tests.Pages;

/// <summary>A page as a browser of a given width shows it; Chromium without a window, where it is installed.</summary>
internal static partial class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome"];

    /// <summary>The program's path; null where there is none.</summary>
    internal static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => System.IO.Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Looks at a page.</summary>
    /// <param name="html">The page; it needs nothing else.</param>
    /// <param name="width">In CSS pixels.</param>
    /// <param name="folder">For files on the way.</param>
    /// <returns>What axe finds against the page, and what hangs out of it.</returns>
    internal static (IReadOnlyList<string> Violations, IReadOnlyList<string> Outside) Look(string html, int width, string folder)
    {
        // A window is at least 500 wide; a frame has any width.
        string script = $"<script>{new BundledAxeScriptProvider().GetScript().Replace("</script>", "<\\/script>", StringComparison.Ordinal)}</script><script>{Script()}</script>",
            page = html.Replace("</body>", script + "</body>", StringComparison.Ordinal),
            file = System.IO.Path.Combine(folder, $"frame-{width}.html");
        File.WriteAllText(file,
            $"<!doctype html><body style=\"margin:0\"><pre id=\"found\"></pre><iframe style=\"border:0;width:{width}px;height:1200px\" srcdoc=\"{WebUtility.HtmlEncode(page)}\"></iframe>"
            + "<script>addEventListener('message', message => document.getElementById('found').textContent = message.data)</script></body>");
        string shown = Run("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage",
            $"--user-data-dir={System.IO.Path.Combine(folder, "profile")}", "--window-size=1400,1300", "--virtual-time-budget=30000",
            "--dump-dom", new Uri(file).AbsoluteUri);
        string found = WebUtility.HtmlDecode(Found().Match(shown).Groups[1].Value);
        Assert.True(found.Length > 0, "The browser did not say what it found.");
        using var json = JsonDocument.Parse(found);
        Assert.False(json.RootElement.TryGetProperty("error", out JsonElement error), error.ToString());
        Assert.Equal(width, json.RootElement.GetProperty("width").GetInt32());
        string[] Of(string name) => [.. json.RootElement.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];
        return (Of("violations"), Of("outside"));
    }

    private static string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    private static string Script()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("look.js")!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("<pre id=\"found\">([\\s\\S]*?)</pre>")]
    private static partial Regex Found();
}
