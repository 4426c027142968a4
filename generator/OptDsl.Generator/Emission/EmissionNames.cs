using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission;

/// <summary>Names that all parts of a rule's emitted text agree on.</summary>
internal sealed class EmissionNames
{
    internal const string Kernels = "global::OptDsl.Kernels.";
    internal const string UnsafeAdd = "global::System.Runtime.CompilerServices.Unsafe.Add";

    internal EmissionNames(TypeHierarchy type)
    {
        var identifiers = new Identifiers(type.Types.SelectMany(layer => layer.TypeParameters));
        Element = identifiers.Claim("T");
        Simd = identifiers.Claim("S");
        Vector = identifiers.Claim("V");
        Wide = identifiers.Claim("D");
        WideVector = identifiers.Claim("W");
        Check = identifiers.Claim("C");
        Rule = type.Types[type.Types.Count - 1].Name;
        QualifiedRule = "global::" + (type.Namespace.Length == 0 ? "" : type.Namespace + ".") + string.Join(".", type.Types.Select(layer => layer.Name));
    }

    /// <summary>The type parameter for the element.</summary>
    internal string Element { get; }

    /// <summary>The type parameter for the witness.</summary>
    internal string Simd { get; }

    /// <summary>The type parameter for the vector.</summary>
    internal string Vector { get; }

    /// <summary>The type parameter for the witness of double.</summary>
    internal string Wide { get; }

    /// <summary>The type parameter for the vector of double.</summary>
    internal string WideVector { get; }

    /// <summary>The type parameter for the fault check.</summary>
    internal string Check { get; }

    /// <summary>The rule's type where it is in scope.</summary>
    internal string Rule { get; }

    /// <summary>The rule's type anywhere.</summary>
    internal string QualifiedRule { get; }

    /// <summary>C# that reads a value of the rule: by its name, or by the type that declares it where the name stands for another one.</summary>
    internal static string Read(string rule, string member, string owner)
        => $"{(owner.Length == 0 ? rule : $"(({owner}){rule})")}.{Parsing.Names.Identifier(member)}";

    /// <summary>The name of a buffer's content before the step.</summary>
    internal static string PreviousName(BufferSpec buffer) => buffer.Role == "Previous" ? Parsing.Names.Camel(buffer.Name) : "previous" + buffer.Name;

    /// <summary>The name of a carried value before the step.</summary>
    internal static string PreviousName(CarriedSpec value) => value.Role == "Previous" ? Parsing.Names.Camel(value.Name) : "previous" + value.Name;

    internal string ElementConstraint => $"where {Element} : unmanaged, global::System.Numerics.IBinaryFloatingPointIeee754<{Element}>";

    internal string SimdConstraint => $"where {Simd} : struct, {Kernels}ISimdOps<{Vector}, {Element}>";

    internal string WideningConstraint => $"where {Simd} : struct, {Kernels}ISimdOps<{Vector}, {Element}>, {Kernels}IWidening<{Vector}, {WideVector}>";

    internal string WideConstraint => $"where {Wide} : struct, {Kernels}ISimdOps<{WideVector}, double>";

    internal string CheckConstraint => $"where {Check} : struct, {Kernels}IFaultCheck";
}
