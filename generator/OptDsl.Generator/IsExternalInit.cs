namespace System.Runtime.CompilerServices;

/// <summary>What the compiler needs for init accessors on netstandard2.0.</summary>
internal static class IsExternalInit;
