using Microsoft.CodeAnalysis;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>
/// What a state holds before the first step: a constant or a hyperparameter; or, kept with the member, another member or an input.
/// </summary>
internal sealed record InitialValue(double Constant, ISymbol? Source)
{
    internal static InitialValue Read(MemberDeclaration member, List<MemberDeclaration> members, RefusedMembers refused,
        INamedTypeSymbol type, RuleMembers values, DiagnosticSink sink)
    {
        if (!member.HasMemory || member.InitialArgument is not { IsNull: false } initial)
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
        int index = initial.Kind == TypedConstantKind.Primitive && initial.Value is string named
            ? members.FindIndex(other => other.Name == named) : -1;
        if (index >= 0 && members[index].Type.IsFloating() && members[index] != member)
        {
            member.Initial = new InputSpec(InputKind.Member, index, Previous: false);
            return new InitialValue(0, null);
        }

        if (index < 0 && value is string other && refused.Has(Names.Camel(other)))
        {
            sink.MarkInvalid();
            return new InitialValue(0, null);
        }

        // What the method takes can be named by nameof, too: the binder looks which input it is.
        if (index < 0 && value is string input && member.Method.Parameters.Any(parameter => parameter.Name == input))
        {
            member.InitialInput = input;
            return new InitialValue(0, null);
        }

        ISymbol? source = initial.Kind == TypedConstantKind.Primitive ? values.Find(value as string) : null;
        if (source is null || KnownTypes.ScalarOf(RuleMembers.TypeOf(source)) is null or ScalarType.Boolean)
        {
            sink.Report(DiagnosticDescriptors.NamesNothing, member.ArgumentLocation("Initial"), "Initial", member.Name, text,
                index >= 0 && members[index] == member ? "is the member itself and has no value before the first step"
                    : index >= 0 ? "is not a number of the rule's element"
                    : source is null ? $"is neither a number nor a property, member or field of '{type.Name}'" : "is not a number",
                "give a number, or name a hyperparameter, a member or an input with nameof");
            return new InitialValue(0, null);
        }

        return new InitialValue(0, source);
    }
}
