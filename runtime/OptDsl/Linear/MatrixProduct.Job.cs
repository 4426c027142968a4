using System.Runtime.InteropServices;

namespace OptDsl.Linear;

/// <content>The matrices of a product.</content>
public sealed unsafe partial class MatrixProduct<T>
{
    /// <summary>The current product. Its pointers are valid while <see cref="Multiply"/> runs.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Job
    {
        internal T* A, B, C, Left, Right;
        internal nint ARow, AColumn, BRow, BColumn;
        internal int Rows, Columns, Depth;
        internal int Row, Column, From, BlockRows, BlockColumns, BlockDepth;
        internal int LeftTiles, ColumnTiles, TileColumns;
        internal bool Packing, LeftInPlace, RightInPlace;
    }
}
