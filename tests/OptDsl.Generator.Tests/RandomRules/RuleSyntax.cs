using System.Collections.Immutable;

namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>The types of a random rule's values.</summary>
internal enum Kind
{
    /// <summary>The rule's element.</summary>
    Real,
    Int,
    Bool,

    /// <summary>An int that a condition per element chooses: good for nothing but to become a real.</summary>
    ChosenInt,
}

/// <summary>An expression: a form in C# whose <c>$0</c>, <c>$1</c>, ... stand for the operands.</summary>
/// <param name="Kind">The type of its value.</param>
/// <param name="Form">The text; a value's name, where there are no operands.</param>
/// <param name="Construct">What it exercises, if anything.</param>
/// <param name="Instance">Whether the form itself reads the rule's instance.</param>
/// <param name="Operands">The operands.</param>
internal sealed record Expr(Kind Kind, string Form, Construct? Construct, bool Instance, ImmutableArray<Expr> Operands)
{
    internal bool ReadsInstance => Instance || Operands.Any(operand => operand.ReadsInstance);

    internal int Size => 1 + Operands.Sum(operand => operand.Size);

    internal IEnumerable<Expr> All => Operands.SelectMany(operand => operand.All).Prepend(this);
}

/// <summary>A statement of a body.</summary>
internal abstract record Statement;

/// <summary>A local; without a value it is assigned before it is read.</summary>
internal sealed record Declare(Kind Kind, string Name, Expr? Value, bool IsConstant = false) : Statement;

/// <summary>An assignment; without a value the operator is ++ or --.</summary>
internal sealed record Assign(string Name, string Operator, Expr? Value) : Statement;

/// <summary>An if.</summary>
internal sealed record Branch(Expr Condition, bool IsUniform, ImmutableArray<Statement> Then, ImmutableArray<Statement> Else) : Statement;

/// <summary>A return.</summary>
internal sealed record Return(Expr Value) : Statement;

/// <summary>A property or field of the rule.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in C#.</param>
/// <param name="Value">Its value in C#.</param>
/// <param name="Form">How it is declared.</param>
/// <param name="InBase">Whether the rule's base type declares it; the rule may have another of its name.</param>
internal sealed record Hyper(string Name, string Type, string Value, HyperForm Form, bool InBase = false)
{
    internal bool IsInstance => Form is not (HyperForm.Constant or HyperForm.Static);
}

internal enum HyperForm
{
    Property,
    ReadonlyField,
    Computed,
    Constant,
    Static,
}

/// <summary>A parameter of a helper, or an input of a member; with the attribute that declares it, if any.</summary>
internal sealed record Input(string Name, Kind Kind, string? Default = null, string Attribute = "");

/// <summary>What there is one value of. The generator's own notion, written again.</summary>
internal enum Fineness
{
    Group,
    Tensor,
    Row,
    Column,
    Parameter,
}

internal static class Finenesses
{
    /// <summary>Whether a value of one fineness may depend on one of another and stay as it is.</summary>
    internal static bool Reads(this Fineness fineness, Fineness other)
        => other == fineness || other < Fineness.Row && other < fineness || fineness == Fineness.Parameter;
}

/// <summary>A method that is not a member: of the rule, of its base type, or of a class beside them.</summary>
internal sealed record Helper(string Name, Kind Kind, ImmutableArray<Input> Parameters, ImmutableArray<Statement> Body, bool IsOuter,
    bool InBase, bool IsUniform, bool CanThrow);

/// <summary>An attributed method.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Role">Its attribute.</param>
/// <param name="Kind">What it returns.</param>
/// <param name="Fineness">What there is one value of.</param>
/// <param name="Setting">For an average <c>Decay = nameof(X)</c> and so on, for a reduction what its attribute says; else empty.</param>
/// <param name="Corrected">For a decayed average, whether readers see it corrected.</param>
/// <param name="Initial">Its content before the first step, in C#; empty for none.</param>
/// <param name="IsObserved">Whether it can be watched.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Body">Its body.</param>
/// <param name="InSecondFile">Of a rule in two files, whether it lies in the second.</param>
internal sealed record Member(
    string Name, string Role, Kind Kind, Fineness Fineness, string Setting, bool Corrected, string Initial, bool IsObserved,
    ImmutableArray<Input> Inputs, ImmutableArray<Statement> Body, bool InSecondFile = false)
{
    internal bool IsUniform => Fineness != Fineness.Parameter;

    internal bool HasMemory => Role is "State" or "RunningAverage";

    internal string InputName => char.ToLowerInvariant(Name[0]) + Name[1..];

    /// <summary>Of all but the body.</summary>
    internal int Size
        => Inputs.Sum(input => input.Attribute.Contains("Scope", StringComparison.Ordinal) ? 2 : 1) + (Initial.Length > 0 ? 1 : 0)
        + (Corrected ? 1 : 0)
        + (Setting.Contains("Scope", StringComparison.Ordinal) ? 2 : Setting.Length > 0 ? 1 : 0) + (IsObserved ? 1 : 0);
}

/// <summary>Where a rule's type stands.</summary>
internal enum Shape
{
    Record,
    Class,
    NestedRecord,
    NestedGenericClass,

    /// <summary>In a type of two constrained type parameters, and in a struct of a third.</summary>
    NestedConstrainedRecord,

    /// <summary>A generic class whose type parameter hides one of two around it.</summary>
    NestedHidingClass,
}

/// <summary>
/// A random rule. The members come in the order they are written, which is not that of their dependence. If it is split it lies in two
/// files, each with its own class of outer helpers, which have the same names and other bodies.
/// </summary>
internal sealed record RuleSyntax(
    bool IsFloat, bool IsFused, bool IsSplit, Shape Shape, ImmutableArray<Hyper> Hypers, ImmutableArray<Helper> Helpers,
        ImmutableArray<Member> Members)
{
    internal bool IsClass => Shape is Shape.Class or Shape.NestedGenericClass or Shape.NestedHidingClass;

    internal bool HasBase => Hypers.Any(hyper => hyper.InBase) || Helpers.Any(helper => helper.InBase);

    /// <summary>Whether the base type declares a value of this name, too, which this one hides.</summary>
    internal bool Hides(Hyper hyper) => !hyper.InBase && Hypers.Any(below => below.InBase && below.Name == hyper.Name);

    /// <summary>The name of the type in a namespace, as metadata has it.</summary>
    internal string MetadataName => Shape switch
    {
        Shape.NestedRecord => "Outer+IMiddle+Rule",
        Shape.NestedGenericClass => "Outer`1+Rule",
        Shape.NestedConstrainedRecord => "Outer`2+Middle`1+Rule",
        Shape.NestedHidingClass => "Outer`2+Rule`1",
        _ => "Rule",
    };

    internal Member Update => Members.Single(member => member.Role == "Update");

    internal IEnumerable<ImmutableArray<Statement>> Bodies
        => Members.Select(member => member.Body).Concat(Helpers.Select(helper => helper.Body));

    internal int Size => Bodies.Sum(Sizes.Of) + Hypers.Length + (2 * Helpers.Length) + Members.Sum(member => 3 + member.Size)
        + (IsFused ? 1 : 0) + (IsSplit ? 1 : 0) + (Shape == Shape.Record ? 0 : 1)
        + Hypers.Count(hyper => hyper.InBase) + Helpers.Count(helper => helper.InBase) + Members.Count(member => member.InSecondFile);
}

/// <summary>Sizes and contents of bodies.</summary>
internal static class Sizes
{
    /// <summary>The input that reads the last step's value of a member or an input.</summary>
    internal static string Past(string name) => "previous" + char.ToUpperInvariant(name[0]) + name[1..];

    internal static int Of(ImmutableArray<Statement> body) => body.Sum(statement => statement switch
    {
        Branch branch => 1 + branch.Condition.Size + Of(branch.Then) + Of(branch.Else),
        _ => 1 + Expressions([statement]).Sum(expression => expression.Size),
    });

    internal static IEnumerable<Statement> Statements(ImmutableArray<Statement> body)
        => body.SelectMany(statement => statement is Branch branch
        ? Statements(branch.Then).Concat(Statements(branch.Else)).Prepend(statement)
        : [statement]);

    /// <summary>The expressions that stand in a body, not their operands.</summary>
    internal static IEnumerable<Expr> Expressions(ImmutableArray<Statement> body) => Statements(body)
        .Select(statement => statement switch
        {
            Declare declare => declare.Value,
            Assign assign => assign.Value,
            Branch branch => branch.Condition,
            Return result => result.Value,
            _ => null,
        })
        .OfType<Expr>();

    internal static bool ReadsInstance(ImmutableArray<Statement> body) => Expressions(body).Any(expression => expression.ReadsInstance);
}
