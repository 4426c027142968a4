using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>An attributed method on its way to a <see cref="MemberSpec"/>.</summary>
internal sealed class MemberDeclaration(IMethodSymbol method, MemberRole role, AttributeData attribute, ScalarType type)
{
    internal IMethodSymbol Method => method;

    internal MemberRole Role => role;

    internal AttributeData Attribute => attribute;

    internal ScalarType Type => type;

    internal string Name => method.Name;

    internal string InputName { get; } = Names.Camel(method.Name);

    internal bool HasMemory => role is MemberRole.State or MemberRole.RunningAverage;

    /// <summary>One an input, once the binder has run.</summary>
    internal List<InputSpec> Inputs { get; } = [];

    /// <summary>How fine its value is, once the binder has run.</summary>
    internal Kind Kind { get; set; } = role is MemberRole.Update or MemberRole.ReadAt or MemberRole.SearchDirection ? Kind.Parameter
        : Kind.Group;

    internal bool PerElement => Kind == Kind.Parameter;

    /// <summary>For a reduction, what it does.</summary>
    internal ReductionSpec Reduction { get; } = role == MemberRole.Reduce ? RuleAttributes.Reduction(attribute) : default;

    /// <summary>The correction that its attribute says; null where it says none.</summary>
    internal int? Correction => RuleAttributes.Correction(attribute);

    /// <summary>What its attribute says that it begins with.</summary>
    internal TypedConstant? InitialArgument => RuleAttributes.Initial(attribute);

    /// <summary>Its name in files, where that is not its own.</summary>
    internal string? SavedAs => RuleAttributes.SavedAs(attribute);

    /// <summary>The members it depends on by its attribute: its decay, its weight, its content before the first step.</summary>
    internal int ProductSlot { get; set; } = -1;

    internal int SettingMember { get; set; } = -1;

    /// <summary>The member or input that gives its content before the first step, or null.</summary>
    internal InputSpec? Initial { get; set; }

    /// <summary>The name of the input that does, before the binder has run.</summary>
    internal string? InitialInput { get; set; }

    /// <summary>The member that does, or -1.</summary>
    internal int InitialMember => Initial is { Kind: InputKind.Member } initial ? initial.Member : -1;

    /// <summary>Whether it is an average that forgets by a decay, so that it has a correction.</summary>
    internal bool Decays => role == MemberRole.RunningAverage && RuleAttributes.Setting(attribute, Averaging.Decay) is not null;

    internal bool IsObserved => method.GetAttributes().Any(KnownTypes.IsObserve);

    /// <summary>The buffer of a per-element state or the carried value of a uniform one; -1 without memory.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>The carried value that keeps the correction its readers last saw; -1 where nobody asks.</summary>
    internal int CorrectionSlot { get; set; } = -1;

    internal Location Location => method.Locations[0];

    internal bool Corrected => role == MemberRole.RunningAverage && Correction == 1;

    /// <summary>Where the attribute sets a property, or the attribute itself.</summary>
    internal Location ArgumentLocation(string name) => RuleAttributes.LocationOf(attribute, name);

    /// <summary>What the attribute sets a property to; null where it does not.</summary>
    internal ExpressionSyntax? ArgumentSyntax(string name) => RuleAttributes.SyntaxOf(attribute, name);
}
