using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>The defaults of hyperparameters, as far as they are written as numbers.</summary>
internal static class DefaultValues
{
    /// <summary>The known defaults of the hyperparameters that a rule reads.</summary>
    internal static EquatableArray<DefaultSpec> Read(INamedTypeSymbol type, ExpressionTranslator translator)
    {
        var defaults = new List<DefaultSpec>();
        foreach ((ValueSpec spec, ISymbol member) in translator.Read.Values)
        {
            if (Of(type, member) is var (value, _))
            {
                defaults.Add(new DefaultSpec(spec.Name, value));
            }
        }

        return new EquatableArray<DefaultSpec>(defaults);
    }

    /// <summary>The default of one, and where it stands; null where it is no number.</summary>
    internal static (double Value, Location Location)? Of(INamedTypeSymbol type, ISymbol member)
    {
        // What a base type has as a default is the derived type's to pass on, or not.
        if (!SymbolEqualityComparer.Default.Equals(member.ContainingType, type))
        {
            return null;
        }

        EqualsValueClauseSyntax? clause = member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
        {
            ParameterSyntax parameter => parameter.Default,
            PropertyDeclarationSyntax property => property.Initializer,
            VariableDeclaratorSyntax field => field.Initializer,
            _ => null,
        };
        if (clause is null)
        {
            return null;
        }

        // A positional parameter's default is a constant of the constructor; an initializer is read as written.
        object? value = clause.Parent is ParameterSyntax
            ? type.InstanceConstructors.SelectMany(constructor => constructor.Parameters)
            .FirstOrDefault(parameter => parameter.Name == member.Name && parameter.HasExplicitDefaultValue)?.ExplicitDefaultValue
            : Literal(clause.Value);
        return value is double or float or int
            ? (Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture), clause.Value.GetLocation())
            : null;
    }

    private static object? Literal(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax literal => literal.Token.Value,
        ParenthesizedExpressionSyntax parenthesized => Literal(parenthesized.Expression),
        PrefixUnaryExpressionSyntax { OperatorToken.Text: "-" } negative => Literal(negative.Operand) switch
        {
            double value => -value,
            float value => -value,
            int value => -value,
            _ => null,
        },
        MemberAccessExpressionSyntax
        {
            Name.Identifier.ValueText: nameof(double.NaN), Expression: PredefinedTypeSyntax
            or IdentifierNameSyntax
        } => double.NaN,
        _ => null,
    };
}
