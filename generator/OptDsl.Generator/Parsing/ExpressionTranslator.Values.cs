using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>Values that are read: constants, hyperparameters, computed properties, static read-only fields.</summary>
internal sealed partial class ExpressionTranslator
{
    /// <summary>Reads a property or field of the rule by its symbol, as <c>Decay = nameof(Beta)</c> does.</summary>
    internal int ReadMember(ISymbol member, Location location) => member switch
    {
        IPropertySymbol property => ReadProperty(property, location),
        IFieldSymbol field => ReadField(field, location),
        _ => Invalid(),
    };

    private int? TranslateConstant(IOperation operation)
        => operation.ConstantValue is { HasValue: true, Value: { } value } && KnownTypes.ScalarOf(operation.Type) is not null ? Constant(value, operation.Syntax.GetLocation()) : null;

    private int? Constant(object value, Location location)
    {
        int? node = value switch
        {
            double number => graph.Constant(number, ScalarType.Float64),
            float number => graph.Constant(number, ScalarType.Float32),
            int number => graph.Constant(number),
            bool condition => graph.Constant(condition),
            _ => null,
        };
        if (value is double or float && node is { } floating && !FirstRead.ContainsKey(floating))
        {
            FirstRead.Add(floating, location);
        }

        return node;
    }

    private int TranslateProperty(IPropertyReferenceOperation reference)
    {
        Location location = reference.Syntax.GetLocation();
        if (reference.Arguments.Length > 0)
        {
            return NotSupported(reference, "an indexer", "read single values only");
        }

        return !IsOfRule(reference.Instance) ? NotSupported(reference, "a property of another object", "make it a hyperparameter of the rule")
            : LacksInstance(reference.Instance, reference.Property) ? Invalid()
            : ReadProperty(reference.Property, location);
    }

    private static bool IsOfRule(IOperation? instance) => instance is null or IInstanceReferenceOperation;

    /// <summary>What the compiler refuses: an instance member by the name of its type. Taken for the rule's, it would be emitted.</summary>
    private static bool LacksInstance(IOperation? instance, ISymbol member) => instance is null && !member.IsStatic;

    /// <summary>An auto-property is a hyperparameter; a computed one is inlined.</summary>
    private int ReadProperty(IPropertySymbol property, Location location)
    {
        SyntaxNode? syntax = property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation);
        if (syntax is null)
        {
            sink.Report(DiagnosticDescriptors.CalleeWithoutSource, location, property.Name, $"it comes compiled, from {property.ContainingAssembly?.Name}");
            return Failed;
        }

        bool computed = syntax is PropertyDeclarationSyntax declaration
            && (declaration.ExpressionBody is not null || declaration.AccessorList?.Accessors.Any(accessor => accessor.Body is not null || accessor.ExpressionBody is not null) == true);
        if (computed)
        {
            return property.GetMethod is { } getter ? InlineGetter(getter, (PropertyDeclarationSyntax)syntax, location) : Invalid();
        }

        if (property.SetMethod is { IsInitOnly: false })
        {
            sink.Report(DiagnosticDescriptors.Impure, location, property.Name, "can change during a step", $"declare it with {{ get; init; }}");
            return Failed;
        }

        return property.IsStatic ? StaticValue(property, property.Type, location) : Hyperparameter(property.Name, property.Type, location);
    }

    private int InlineGetter(IMethodSymbol getter, PropertyDeclarationSyntax declaration, Location location)
    {
        if (declaration.ExpressionBody is not { } arrow)
        {
            return Inline(getter, [], location);
        }

        // The getter of an expression-bodied property has the arrow itself as its declaration.
        return getter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) == arrow ? Inline(getter, [], location) : Invalid();
    }

    private int ReadField(IFieldSymbol field, Location location)
    {
        // A constant is not read-only to the compiler, nor is it read: it is its value.
        if (field is { HasConstantValue: true, ConstantValue: { } value } && Constant(value, location) is { } constant)
        {
            return constant;
        }

        if (!field.IsReadOnly)
        {
            sink.Report(DiagnosticDescriptors.Impure, location, field.Name,
                field.IsStatic ? "is a static field that can change" : "is a field that can change", "make it const or readonly, or a hyperparameter");
            return Failed;
        }

        return field.IsStatic ? StaticValue(field, field.Type, location) : Hyperparameter(field.Name, field.Type, location);
    }

    private int Hyperparameter(string name, ITypeSymbol type, Location location)
    {
        if (KnownTypes.ScalarOf(type) is not { } scalar)
        {
            return UnsupportedType(name, type, location);
        }

        if (scalar.IsFloating())
        {
            Numbers.Add(name);
        }

        return graph.Add(new Expression(Operation.Hyperparameter, scalar, Kind.Group, Text: name));
    }

    private int StaticValue(ISymbol symbol, ITypeSymbol type, Location location)
    {
        if (KnownTypes.ScalarOf(type) is not { } scalar)
        {
            return UnsupportedType(symbol.Name, type, location);
        }

        if (!compilation.IsSymbolAccessibleWithin(symbol, rule))
        {
            sink.Report(DiagnosticDescriptors.CalleeWithoutSource, location, symbol.Name, "the kernel cannot reach it");
            return Failed;
        }

        string text = symbol.ContainingType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) + ".@" + symbol.Name;
        return graph.Add(new Expression(Operation.StaticValue, scalar, Kind.Group, Text: text));
    }

    private int UnsupportedType(string name, ITypeSymbol type, Location location)
    {
        sink.Report(DiagnosticDescriptors.ConstructNotSupported, location, $"'{name}' of type {type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}", CurrentMember, "rules read double, float, int and bool");
        return Failed;
    }
}
