using Microsoft.CodeAnalysis;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>How a running average averages: by a decay or over a window, each the name of a property or field of the rule.</summary>
internal sealed record AverageSettings(ISymbol Source, ScalarType Type, bool IsWindow)
{
    /// <summary>C# that reads the setting where <c>rule</c> is the rule.</summary>
    internal string Access => (Source.IsStatic ? Source.ContainingType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) : "rule") + "." + Names.Identifier(Source.Name);

    /// <summary>The settings of a running average; null for another member, and where they are wrong.</summary>
    internal static AverageSettings? Read(MemberDeclaration member, INamedTypeSymbol type, DiagnosticSink sink)
    {
        if (member.Role != MemberRole.RunningAverage)
        {
            return null;
        }

        bool decay = member.Constant("Decay") is not null, window = member.Constant("Window") is not null;
        if (decay == window)
        {
            sink.Report(DiagnosticDescriptors.NotExactlyOneAveraging, RoleReader.AttributeLocation(member.Attribute), member.Name,
                decay ? "both" : "neither", decay ? "keep one" : "set Decay = nameof(...) or Window = nameof(...)");
            return null;
        }

        if (window && member.Corrected)
        {
            sink.Report(DiagnosticDescriptors.WindowWithCorrection, member.ArgumentLocation("Correction"), member.Name);
        }

        string property = window ? "Window" : "Decay";
        string? name = member.Argument(property);
        ISymbol? source = Find(type, name);
        if (source is null || KnownTypes.ScalarOf(TypeOf(source)) is not { } scalar || scalar == ScalarType.Boolean || (!window && scalar == ScalarType.Int32))
        {
            sink.Report(DiagnosticDescriptors.NamesNothing, member.ArgumentLocation(property), property, member.Name, name ?? "null",
                source is null ? $"is no property or field of '{type.Name}'" : window ? "is not a number" : "is not a double or float",
                "name a hyperparameter with nameof");
            return null;
        }

        return new AverageSettings(source, scalar, window);
    }

    /// <summary>The property or field of that name.</summary>
    internal static ISymbol? Find(INamedTypeSymbol type, string? name)
        => name is null ? null : type.GetMembers(name).FirstOrDefault(member => member is IPropertySymbol or IFieldSymbol);

    internal static ITypeSymbol? TypeOf(ISymbol member) => (member as IPropertySymbol)?.Type ?? (member as IFieldSymbol)?.Type;
}
