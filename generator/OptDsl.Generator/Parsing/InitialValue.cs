using Microsoft.CodeAnalysis;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>What a state holds before the first step: a constant, or a hyperparameter.</summary>
internal sealed record InitialValue(double Constant, ISymbol? Source)
{
    internal static InitialValue Read(MemberDeclaration member, INamedTypeSymbol type, DiagnosticSink sink)
    {
        if (!member.HasMemory || member.Constant("Initial") is not { IsNull: false } initial)
        {
            return new InitialValue(0, null);
        }

        if (initial.Kind == TypedConstantKind.Primitive && initial.Value is double or float or int or long or short or byte)
        {
            return new InitialValue(Convert.ToDouble(initial.Value, System.Globalization.CultureInfo.InvariantCulture), null);
        }

        // The value of an array must not be asked for.
        object? value = initial.Kind == TypedConstantKind.Array ? "an array" : initial.Value;
        string text = value?.ToString() ?? "null";
        ISymbol? source = initial.Kind == TypedConstantKind.Primitive ? AverageSettings.Find(type, value as string) : null;
        if (source is null || KnownTypes.ScalarOf(AverageSettings.TypeOf(source)) is null or ScalarType.Boolean)
        {
            sink.Report(DiagnosticDescriptors.NamesNothing, member.ArgumentLocation("Initial"), "Initial", member.Name, text,
                source is null ? $"is neither a number nor a property or field of '{type.Name}'" : "is not a number",
                "give a number, or name a hyperparameter with nameof");
            return new InitialValue(0, null);
        }

        return new InitialValue(0, source);
    }
}
