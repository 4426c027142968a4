using System.Reflection;
using System.Runtime.Loader;

namespace OptDsl.Experiments;

/// <summary>The rules of an assembly that have a report: those of the library, or of a file that was built from them.</summary>
internal static class ReportedRules
{
    /// <summary>Those of the library, by name.</summary>
    internal static IReadOnlyList<RuleReport> OfLibrary { get; } = Of(typeof(OptDsl.Rules.Adam).Assembly);

    /// <summary>Those of an assembly's file, by name.</summary>
    /// <exception cref="InputException">There is no such file, it is no assembly, or it has no rules.</exception>
    internal static IReadOnlyList<RuleReport> OfFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"There is no file '{path}'; --assembly takes a built assembly, such as bin/Release/net10.0/My.dll.");
        }

        if (AssemblyNameOf(path) == typeof(IReportedRule).Assembly.GetName().Name)
        {
            return OfLibrary;
        }

        List<RuleReport> found;
        try
        {
            found = Of(new RuleAssemblies(Path.GetFullPath(path)).LoadFromAssemblyPath(Path.GetFullPath(path)));
        }
        catch (BadImageFormatException)
        {
            throw new InputException($"'{path}' is not a .NET assembly; --assembly takes a built one, such as bin/Release/net10.0/My.dll.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or FileLoadException or TypeLoadException
            or MissingMethodException or ReflectionTypeLoadException)
        {
            string why = exception is ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } ? first.Message : exception.Message;
            throw new InputException(
                $"'{path}' cannot be loaded: {why} It must lie beside what it needs, and be built with this version of OptDsl.");
        }

        return found.Count > 0 ? found
            : throw new InputException($"'{path}' has no rules: none of its types is marked [Optimizer].");
    }

    private static string? AssemblyNameOf(string path)
    {
        try
        {
            return AssemblyName.GetAssemblyName(path).Name;
        }
        catch (Exception exception) when (exception is BadImageFormatException or FileLoadException)
        {
            return null;
        }
    }

    private static List<RuleReport> Of(Assembly assembly)
        => [.. assembly.GetTypes()
            .Where(type => typeof(IReportedRule).IsAssignableFrom(type) && type is { IsInterface: false, ContainsGenericParameters: false })
            .Select(Report)
            .OrderBy(report => report.Name, StringComparer.OrdinalIgnoreCase)];

    private static RuleReport Report(Type rule)
        => (RuleReport)typeof(ReportedRules).GetMethod(nameof(ReportOf), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(rule).Invoke(null, null)!;

    private static RuleReport ReportOf<TRule>()
        where TRule : IReportedRule
        => TRule.Report;

    /// <summary>Finds what an assembly needs beside it; the library's own is this program's, so that its interfaces are the same.</summary>
    private sealed class RuleAssemblies(string path) : AssemblyLoadContext("rules")
    {
        private readonly AssemblyDependencyResolver resolver = new(path);

        protected override Assembly? Load(AssemblyName name)
            => name.Name == typeof(IReportedRule).Assembly.GetName().Name ? null
                : resolver.ResolveAssemblyToPath(name) is { } file ? LoadFromAssemblyPath(file)
                : null;
    }
}
