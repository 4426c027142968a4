using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
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

    private int TranslateProperty(IPropertyReferenceOperation reference, Scope scope)
    {
        Location location = reference.Syntax.GetLocation();
        if (reference.Arguments.Length > 0)
        {
            return NotSupported(reference, "an indexer", "read single values only");
        }

        if (IsExtension(reference.Property))
        {
            int receiver = reference.Instance is { } extended ? Translate(extended, scope) : NoReceiver;
            return receiver == Failed ? Failed : ReadProperty(InRule(reference.Property, instance: null), location, receiver);
        }

        return !IsOfRule(reference.Instance)
            ? NotSupported(reference, "a property of another object", "make it a hyperparameter of the rule")
            : LacksInstance(reference.Instance, reference.Property) ? Invalid()
            : ReadProperty(InRule(reference.Property, reference.Instance), location);
    }

    /// <summary>Whether it is the rule that is asked, also as one of its base types or interfaces.</summary>
    private static bool IsOfRule(IOperation? instance) => instance is null || Receiver(instance) is IInstanceReferenceOperation;

    private static IOperation Receiver(IOperation instance)
    {
        while (instance is IParenthesizedOperation or IConversionOperation { OperatorMethod: null, Conversion.IsReference: true })
        {
            instance = instance is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)instance).Operand;
        }

        return instance;
    }

    /// <summary>What a member is in the rule, where an instance is asked for it.</summary>
    private TSymbol InRule<TSymbol>(TSymbol member, IOperation? instance)
        where TSymbol : class, ISymbol
        => instance is null || member.IsStatic ? new Substitution(compilation, callStack.LastOrDefault()).Of(member)
        : members.InRule(member, isVirtualRead: Receiver(instance).Syntax is not BaseExpressionSyntax);

    /// <summary>
    /// Whether a member stands in an extension block, whose receiver is a value like an argument. This compiler's version has no name for
    /// the kind.
    /// </summary>
    private static bool IsExtension(ISymbol member) => member.ContainingType is { } type && type.TypeKind.ToString() == "Extension";

    /// <summary>What the compiler refuses: an instance member by the name of its type. Taken for the rule's, it would be emitted.</summary>
    private static bool LacksInstance(IOperation? instance, ISymbol member) => instance is null && !member.IsStatic;

    /// <summary>An auto-property is a hyperparameter; a computed one is inlined.</summary>
    private int ReadProperty(IPropertySymbol property, Location location, int receiver = NoReceiver)
    {
        property = property.PartialImplementationPart ?? property;
        if (property.IsStatic && (property.IsAbstract || property.IsVirtual))
        {
            sink.Report(DiagnosticDescriptors.CalleeWithoutSource, location, property.Name, "which body runs is not known at compile time");
            return Failed;
        }

        SyntaxNode? syntax = SyntaxOf(property);
        if (syntax is null)
        {
            sink.Report(DiagnosticDescriptors.CalleeWithoutSource, location, property.Name,
                $"it comes compiled, from {property.ContainingAssembly?.Name}");
            return Failed;
        }

        // What a setter does with a value is done before a step.
        bool computed = syntax is PropertyDeclarationSyntax declaration
            && (declaration.ExpressionBody is not null
                || declaration.AccessorList?.Accessors.Any(accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration)
                    && (accessor.Body is not null || accessor.ExpressionBody is not null)) == true)
            && !ReturnsItsField(property, location);
        if (computed)
        {
            return property.GetMethod is { } getter ? InlineGetter(getter, (PropertyDeclarationSyntax)syntax, location, receiver)
                : Invalid();
        }

        if (property.SetMethod is { IsInitOnly: false })
        {
            sink.Report(DiagnosticDescriptors.Impure, location, property.Name, "can change during a step",
                property.IsStatic ? "declare it with { get; }, or const, or as a hyperparameter with { get; init; }"
                    : "declare it with { get; init; }");
            return Failed;
        }

        return property.IsStatic ? StaticValue(property, property.Type, location) : Hyperparameter(property, property.Type, location);
    }

    /// <summary>Whether a getter does what that of an auto-property does: <c>get => field</c>.</summary>
    private bool ReturnsItsField(IPropertySymbol property, Location location)
    {
        if (!held.TryGetValue(property, out bool returns))
        {
            IOperation? body = property.ContainingType.GetMembers().OfType<IFieldSymbol>()
                .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property))
                && property.GetMethod is { } getter ? BodyOf(getter, location) : null;
            returns = body is IBlockOperation { Operations.Length: 1 } block
                && block.Operations[0] is IReturnOperation { ReturnedValue: { } value }
                && Unwrapped(value) is IFieldReferenceOperation { Field.AssociatedSymbol: { } owner }
                && SymbolEqualityComparer.Default.Equals(owner, property);
            held.Add(property, returns);
        }

        return returns;

        static IOperation Unwrapped(IOperation operation) => operation is IParenthesizedOperation inner ? Unwrapped(inner.Operand)
            : operation;
    }

    private int InlineGetter(IMethodSymbol getter, PropertyDeclarationSyntax declaration, Location location, int receiver)
    {
        if (declaration.ExpressionBody is not { } arrow)
        {
            return Inline(getter, [], location, receiver);
        }

        // The getter of an expression-bodied property has the arrow itself as its declaration.
        return getter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) == arrow ? Inline(getter, [], location, receiver)
            : Invalid();
    }

    private int ReadField(IFieldSymbol field, Location location)
    {
        // A constant is not read-only to the compiler, nor is it read: it is its value.
        if (field is { HasConstantValue: true, ConstantValue: { } value } && Constant(value, location) is { } constant)
        {
            ReportLostRemainders(field);
            return constant;
        }

        if (field is { IsImplicitlyDeclared: true, AssociatedSymbol: IPropertySymbol behind })
        {
            sink.Report(DiagnosticDescriptors.OutOfReach, location, behind.Name, "its getter makes something else of its field",
                "let the getter return the field as it is, and compute in the init accessor or where the value is read");
            return Failed;
        }

        if (!field.IsReadOnly)
        {
            sink.Report(DiagnosticDescriptors.Impure, location, field.Name,
                field.IsStatic ? "is a static field that can change" : "is a field that can change",
                    "make it const or readonly, or a hyperparameter");
            return Failed;
        }

        return field.IsStatic ? StaticValue(field, field.Type, location) : Hyperparameter(field, field.Type, location);
    }

    private int Hyperparameter(ISymbol member, ITypeSymbol type, Location location)
    {
        if (KnownTypes.InBody(type) is not { } scalar)
        {
            return UnsupportedType(member.Name, type, location);
        }

        if (members.Access(member) is not { } access)
        {
            (string why, string advice) = members.Unreachable(member);
            sink.Report(DiagnosticDescriptors.OutOfReach, location, member.Name, why, advice);
            return Failed;
        }

        Named.Add(member);
        ReportLostRemainders(member);
        Read[access.Name] = (access.Spec(scalar), member);
        return graph.Add(
            new Expression(Operation.Hyperparameter, scalar, Kind.Group, Bits: KnownTypes.IsEnum(type) ? 1 : 0, Text: access.Name,
                Owner: access.Owner));
    }

    private int StaticValue(ISymbol symbol, ITypeSymbol type, Location location)
    {
        if (KnownTypes.InBody(type) is not { } scalar)
        {
            return UnsupportedType(symbol.Name, type, location);
        }

        if (!compilation.IsSymbolAccessibleWithin(symbol, rule)
            || TypeText.Unnameable(symbol.ContainingType, rule, compilation) is not null)
        {
            (string why, string advice) = members.Unreachable(symbol);
            sink.Report(DiagnosticDescriptors.OutOfReach, location, symbol.Name, why, advice);
            return Failed;
        }

        Named.Add(symbol);
        ReportLostRemainders(symbol);
        string text = symbol.ContainingType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) + ".@" + symbol.Name;
        if (scalar != ScalarType.Boolean && !KnownTypes.IsEnum(type) && BeginsWith(symbol) is { } value)
        {
            Statics[text] = value;
        }

        return graph.Add(new Expression(Operation.StaticValue, scalar, Kind.Group, Bits: KnownTypes.IsEnum(type) ? 1 : 0, Text: text));
    }

    /// <summary>The constant that a static read-only value begins with, and keeps: no constructor of the type's gives it another.</summary>
    private double? BeginsWith(ISymbol symbol)
    {
        EqualsValueClauseSyntax? initializer = SyntaxOf(symbol) switch
        {
            VariableDeclaratorSyntax field => field.Initializer,
            PropertyDeclarationSyntax property => property.Initializer,
            _ => null,
        };
        return initializer is not null && symbol.ContainingType.StaticConstructors.All(constructor => constructor.IsImplicitlyDeclared)
            && ModelOf(initializer.SyntaxTree)
            .GetConstantValue(initializer.Value, cancellation) is { HasValue: true, Value: double or float or int } constant
            ? Convert.ToDouble(constant.Value, System.Globalization.CultureInfo.InvariantCulture)
            : null;
    }

    private int UnsupportedType(string name, ITypeSymbol type, Location location)
    {
        sink.Report(DiagnosticDescriptors.ConstructNotSupported, location,
            $"'{name}' of type {type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}", CurrentMember,
                "rules read double, float, int, bool and enums over int");
        return Failed;
    }
}
